"""What Redis runs for us: one script per operation, which is atomic.

A script is put together from parts of ours and from BullMQ's own scripts, as they come with the bullmq package: those
become functions, so that BullMQ's queue and our records change in one step. See docs/decisions/0018. What it answers
is packed into one string: redis-py takes several times as long for a list of a hundred short ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha1
from importlib.resources import files

_PACKAGE = "ttsqueue.providers.redis"
_DIRECTIVE = "--! "


@dataclass(frozen=True, slots=True)
class Script:
    """A script and the name by which Redis remembers it."""

    text: str
    sha: str


@cache
def script(name: str) -> Script:
    """The script in scripts/NAME.lua with all that it needs."""
    return assembled(_own(name))


def assembled(body: str) -> Script:
    """What a body and the directives at its head make."""
    main = f"local function main()\n{body}\nend\nreturn cmsgpack.pack(main())"
    text = "\n".join([_own("parts/prelude"), *dict.fromkeys(_needed(body)), main])
    return Script(text, sha1(text.encode(), usedforsecurity=False).hexdigest())


def _needed(text: str) -> Iterator[str]:
    """What the directives at the head of a script ask for, each after what it needs itself."""
    for line in text.splitlines():
        if not line.startswith(_DIRECTIVE):
            return
        kind, name = line.removeprefix(_DIRECTIVE).split()
        if kind == "bullmq":
            yield _function(name)
        else:
            part = _own(f"parts/{name}")
            yield from _needed(part)
            yield part


def _own(name: str) -> str:
    return files(_PACKAGE).joinpath("scripts", f"{name}.lua").read_text("utf-8")


def _function(name: str) -> str:
    """BullMQ's script as a function of the same two lists that Redis would give it."""
    body = files("bullmq").joinpath("commands", f"{name}.lua").read_text("utf-8")
    return f"local function bull_{name.partition('-')[0]}(KEYS, ARGV)\n{body}\nend"
