"""What somebody else's message may give away: keys, addresses, files. Pure."""

from __future__ import annotations

import re
import string

HIDDEN = "(hidden)"

# Bounded, since a hostile text would take quadratic time otherwise: no label of a host has more than 63 signs.
_SECRETS = re.compile(
    r"""
    \b\w{1,63}://\S+                                             # addresses
    | \b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b | (?<![:\w])\[?(?:[0-9a-f]{0,4}:){2,}[0-9a-f.]*\]?(?::\d+)?
    | \b(?=[\d.-]{0,63}[a-z_])[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}:\d{2,5}\b   # a host and its port
    | \b[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}
      \.(?:local|internal|lan|svc|home|intranet|corp|localdomain)\b(?:\.[\w-]+)*
    | \blocalhost\b
    | (?<!\w)(?:[a-z]:)?[/\\][^\s/\\"'<>|:()]+(?:[/\\][^\s/\\"'<>|:()]+)+   # files
    | \b(?:Bearer|Basic)\s+\S+
    | (?:\b[\w-]{0,63})?(?:key|token|secret|password)["']?\s*[=:]\s*\S+
    | \b(?:sk|pk|key|xi)[-_]\S{4,}                               # keys as they are usually made
    | \b(?:[\w-]{64,}\S*|(?=[\w-]{0,63}\d)[\w-]{20,})            # what no word looks like
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,  # ASCII, since Chinese puts no space before a key
)
_READ = 600
_OF_ONE_WORD = string.ascii_letters + string.digits + string.punctuation


def without_secrets(text: str) -> str:
    """Its beginning on one line, with `(hidden)` in place of each secret. A word that is cut in two is left out: half a
    key could not be known as one.
    """
    line = " ".join(text.split())
    if len(line) > _READ:
        line = line[:_READ].rstrip(_OF_ONE_WORD) or HIDDEN
    return _SECRETS.sub(HIDDEN, line)
