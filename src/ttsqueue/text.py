"""What text may hold."""

from __future__ import annotations

import re

# jsonb refuses NUL, and UTF-8 has no lone surrogates.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """The text without what a store or an encoding refuses: NUL and lone surrogates."""
    return _UNSTORABLE.sub("", text)


def has_words(text: str) -> bool:
    """Whether there is a letter or digit, that is, anything to speak."""
    return any(character.isalnum() for character in text)
