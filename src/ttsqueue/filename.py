"""File names that every file system takes: Linux, macOS, Windows, and the memory card of a player."""

from __future__ import annotations

import re
import unicodedata

MAX_BYTES = 255
_ROOM_FOR_A_NUMBER = len(" (9999)")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
# What Windows takes for a device, whatever follows the first dot.
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)", re.IGNORECASE)
_JOINERS = "\u200c\u200d"  # invisible, but part of the spelling in Persian and Indian scripts


def book_file_name(title: str, author: str, suffix: str) -> str:
    """`Author - Title.m4b`, or what is left of it. `suffix` comes without a dot."""
    return safe_name(" - ".join(part for part in (author.strip(), title.strip()) if part), suffix)


def numbered(name: str, number: int) -> str:
    """`Book.m4b` becomes `Book (2).m4b`; the first keeps its name."""
    stem, dot, suffix = name.rpartition(".")
    return name if number == 1 else f"{stem} ({number}){dot}{suffix}"


def safe_name(text: str, suffix: str) -> str:
    """The text as a visible file name of at most 255 bytes, with room for a number."""
    room = MAX_BYTES - _ROOM_FOR_A_NUMBER - len(suffix) - 1
    stem = _trimmed(_clean(text))
    if _DEVICES.match(stem):
        stem = f"Book {stem}"
    return f"{_trimmed(_cut(stem, room)) or 'Audiobook'}.{suffix}"


def _clean(text: str) -> str:
    visible = "".join(letter for letter in unicodedata.normalize("NFC", text) if _is_visible(letter))
    return re.sub(r"\s+", " ", _FORBIDDEN.sub("-", visible))


def _is_visible(letter: str) -> bool:
    # Cc: control, Cf: invisible and text direction, Cs: half letters, Co and Cn: nobody knows what they look like.
    return letter.isspace() or letter in _JOINERS or not unicodedata.category(letter).startswith("C")


def _trimmed(stem: str) -> str:
    # A leading dot hides a file, a leading minus reads as an option, Windows drops dots and spaces at the end.
    return stem.strip(" .").lstrip("- .")


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")
