"""Text that is safe to hand to a speech library."""

from __future__ import annotations

import re

# NUL ends the text, \x01 starts a command to espeak, surrogates have no UTF-8.
_UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\ud800-\udfff]")


def speakable(text: str) -> bytes:
    """UTF-8 without control characters; they become spaces, invisible characters vanish.

    A soft hyphen or zero-width space inside a word would otherwise split it.
    """
    return _INVISIBLE.sub("", _UNSPEAKABLE.sub(" ", text)).encode()
