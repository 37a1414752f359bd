"""A book file and a wish become a job."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from uuid import UUID, uuid5

from ttsqueue.book import BookInfo, Chapter
from ttsqueue.books import Book, BookChapter
from ttsqueue.cli.wish import Wish
from ttsqueue.jobs import NewJob
from ttsqueue.local_user import LOCAL_USER_ID

_WORKS = UUID("6f1d3a0e-58a1-4f0b-9a64-0d3f6c7f2b11")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A chapter and its number among the spoken ones."""

    number: int
    chapter: BookChapter


def chosen_chapters(book: Book, wish: Wish) -> list[Numbered]:
    """The chapters to speak. InvalidJob for a number that the book does not have."""
    spoken = book.spoken
    numbers = range(1, len(spoken) + 1) if wish.chapters is None else wish.chapters.numbers(len(spoken))
    return [Numbered(number, spoken[number - 1]) for number in numbers]


def book_job(book: Book, wish: Wish, cover: str | None = None) -> NewJob:
    """The job for this book; `cover` is the fingerprint of the picture it will carry."""
    chapters = tuple(
        Chapter(f"ch{chosen.number}", chosen.chapter.text, chosen.chapter.title)
        for chosen in chosen_chapters(book, wish)
    )
    info = BookInfo(book.title, book.author, wish.language or book.language, wish.audio_format or "m4b")
    return NewJob(
        work_id=_work_id(chapters, wish, info, cover),
        user_id=LOCAL_USER_ID,
        chapters=chapters,
        voice_settings=wish.voice_settings,
        book=info,
    )


def _work_id(chapters: tuple[Chapter, ...], wish: Wish, info: BookInfo, cover: str | None) -> str:
    """The same for the same sound: texts, voice, and what the file says about itself."""
    parts = [
        [[chapter.chapter_id, chapter.title, chapter.text] for chapter in chapters],
        [wish.voice, wish.speed],
        [info.title, info.author, info.language, info.audio_format],
        cover,
    ]
    return str(uuid5(_WORKS, hashlib.sha256(json.dumps(parts).encode()).hexdigest()))
