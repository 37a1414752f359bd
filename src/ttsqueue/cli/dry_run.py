"""`speak --dry-run`: what would be spoken, without a queue and without a sound."""

from __future__ import annotations

import asyncio
from pathlib import Path

from ttsqueue.books import Book, read_book
from ttsqueue.cli.book_job import Numbered, chosen_chapters
from ttsqueue.cli.failure import FAILED, complain
from ttsqueue.cli.output import print_json, print_table, say
from ttsqueue.cli.wish import Wish
from ttsqueue.cli.wording import counted, length
from ttsqueue.engines.estimate import estimate_seconds
from ttsqueue.errors import TTSQueueError


def show_books(paths: list[Path], wish: Wish, as_json: bool) -> int:
    """Show each book; with JSON, one object per line. Returns the exit code."""
    return FAILED if sum([not _show(path, wish, as_json) for path in paths]) else 0


def _show(path: Path, wish: Wish, as_json: bool) -> bool:
    try:
        book = asyncio.run(read_book(path))
        chosen = chosen_chapters(book, wish)
    except TTSQueueError as error:
        complain(f"{path.name}: {error}")
        return False
    language = wish.language or book.language
    seconds = [estimate_seconds(len(one.chapter.text), wish.speed, language) for one in chosen]
    if as_json:
        print_json(_json(book, language, chosen, seconds))
    else:
        _print(book, language, chosen, seconds)
    return True


def _json(book: Book, language: str, chosen: list[Numbered], seconds: list[float]) -> dict[str, object]:
    return {
        "title": book.title,
        "author": book.author,
        "language": language,
        "chapters": [
            {"title": one.chapter.title, "characters": len(one.chapter.text), "estimatedSeconds": round(estimate, 1)}
            for one, estimate in zip(chosen, seconds, strict=True)
        ],
    }


def _print(book: Book, language: str, chosen: list[Numbered], seconds: list[float]) -> None:
    say(", ".join(fact for fact in (book.title, book.author, language) if fact))
    rows = [
        (str(one.number), one.chapter.title, f"{len(one.chapter.text):,}", f"about {length(estimate)}")
        for one, estimate in zip(chosen, seconds, strict=True)
    ]
    left_out = [
        ("-", chapter.title, f"{len(chapter.text):,}", f"left out: {chapter.left_out}")
        for chapter in book.chapters
        if chapter.left_out
    ]
    print_table((">", "CHAPTER", ">CHARACTERS", "LENGTH"), rows + left_out)
    say(f"{counted(len(chosen), 'chapter')}, about {length(sum(seconds))}")
