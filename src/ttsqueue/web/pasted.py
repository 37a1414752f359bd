"""Pasted text as a book: a line that begins with `# ` starts a chapter; without one, two blank lines do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ttsqueue.books import Book, BookChapter
from ttsqueue.errors import BookError
from ttsqueue.text import has_words

_HEADING = re.compile(r"^#[ \t]+(.*)$", re.MULTILINE)
_BREAK = re.compile(r"\n[ \t]*\n[ \t]*\n\s*")
_LONGEST_TITLE = 80
_LONGEST_BEGINNING = 50


def pasted_book(text: str, title: str = "") -> Book:
    """BookError when there is nothing to speak."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not has_words(text):
        raise BookError("There is no text yet; paste some, or choose a file.")
    chapters = tuple(_headed(text) if _HEADING.search(text) else _separated(text))
    return Book(title.strip() or _title_in(text, chapters[0].title), "", "", chapters)


def _headed(text: str) -> Iterator[BookChapter]:
    before, *rest = _HEADING.split(text)
    if has_words(before):
        yield BookChapter("Beginning", before.strip())
    for heading, body in zip(rest[::2], rest[1::2], strict=True):
        name = heading.strip()
        yield BookChapter(name or "Untitled", f"{name}\n\n{body.strip()}".strip())


def _separated(text: str) -> Iterator[BookChapter]:
    parts = [part.strip() for part in _BREAK.split(text) if has_words(part)]
    for number, part in enumerate(parts, 1):
        yield BookChapter(_first_line(part) or f"Part {number}", part)


def _title_in(text: str, first_chapter: str) -> str:
    """The name of the first chapter where it stands in the text, else how the text begins."""
    if first_chapter in text:
        return first_chapter
    words = " ".join(text.split())
    start = words[:_LONGEST_BEGINNING]
    return words if start == words else f"{start.rpartition(' ')[0] or start}…"


def _first_line(part: str) -> str:
    """The first line where it looks like a title: short, and with text below it."""
    line, _, below = part.partition("\n")
    return line.strip() if below.strip() and len(line) <= _LONGEST_TITLE else ""
