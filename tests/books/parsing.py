"""The parser without its child process: what most tests are about."""

from __future__ import annotations

import io

from ttsqueue.books import Book, ReadingLimits
from ttsqueue.books.child import parse


def read(data: bytes | str, suffix: str = ".epub", limits: ReadingLimits | None = None) -> Book:
    raw = data.encode() if isinstance(data, str) else data
    return parse(io.BytesIO(raw), suffix, limits or ReadingLimits())


def outline(book: Book) -> list[tuple[str, str | None]]:
    """Titles with the reason why they are left out."""
    return [(chapter.title, chapter.left_out) for chapter in book.chapters]


def titles(book: Book) -> list[str]:
    return [chapter.title for chapter in book.spoken]


def words(book: Book) -> list[str]:
    """Every word of every chapter, spoken or not."""
    return [word for chapter in book.chapters for word in chapter.text.split()]
