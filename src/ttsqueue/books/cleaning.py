"""Characters that must not reach a voice."""
# ruff: noqa: RUF001 - words in many scripts

from __future__ import annotations

import re

# Soft hyphen, zero-width characters, bidi marks, byte order mark, other format characters.
# U+200C and U+200D stay: Persian and Indic words are misspelt without them.
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_SPACE = re.compile(r"\s+")
# A line of only these marks a change of scene.
_ORNAMENTS = frozenset("*•·#~–—―-_=+⁂⁎⁑❦❧☙†‡◆◇◊●○■□★☆✦✻✽✳❖※|/\\")


def without_invisible(text: str) -> str:
    """The text without characters that have neither sound nor width; line ends stay."""
    return _CONTROL.sub("", _INVISIBLE.sub("", text))


def clean_line(text: str) -> str:
    """One paragraph or title: visible characters, single spaces, no space at the ends."""
    return _SPACE.sub(" ", without_invisible(text)).strip()


def is_scene_break(line: str) -> bool:
    """Whether a paragraph is only ornament, such as `* * *`."""
    return all(character in _ORNAMENTS or character.isspace() for character in line)
