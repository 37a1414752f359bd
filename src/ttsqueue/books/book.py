"""A book as a listener meets it: chapters in order, some of them left out of the reading."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BookChapter:
    """One chapter; paragraphs in `text` are separated by a blank line, its heading is the first of them.

    `left_out` is None for what is spoken, else the reason it is not: "front matter", "back matter",
    "contents" or "no text".
    """

    title: str
    text: str
    left_out: str | None = None


@dataclass(frozen=True)
class Book:
    """What was read from one file.

    `language` is a BCP 47 tag, "" when the file does not say; `author` is "" when unknown;
    `cover` holds the bytes of a JPEG or PNG exactly as they lay in the file.
    """

    title: str
    author: str
    language: str
    chapters: tuple[BookChapter, ...]
    cover: bytes | None = None

    @property
    def spoken(self) -> tuple[BookChapter, ...]:
        """The chapters that are read aloud unless somebody says otherwise."""
        return tuple(chapter for chapter in self.chapters if chapter.left_out is None)
