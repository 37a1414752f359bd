"""Books to speak, in words of our own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

from ttsqueue.book import BookInfo, Chapter
from ttsqueue.jobs import NewJob
from ttsqueue.result import JobResult

USER = "7c1f7f3e-58c0-4a39-a0b5-7d5f5b2a9e01"

DONE = JobResult(("audio-1",), total_duration=1.5)
"""What a handler returns that speaks nothing."""


def text(number: int, sentences: int = 3) -> str:
    """A short chapter; no two numbers have the same."""
    return " ".join(f"On day {number} the keeper wound clock number {n} and wrote it down." for n in range(sentences))


def book(chapters: int = 3, sentences: int = 3, **changes: Any) -> NewJob:
    """A book of a work that no other test job has."""
    return book_of([text(number, sentences) for number in range(1, chapters + 1)], **changes)


def book_of(texts: list[str], **changes: Any) -> NewJob:
    """A book of these chapters."""
    chapters = tuple(Chapter(f"ch{n}", chapter, f"Chapter {n}") for n, chapter in enumerate(texts, 1))
    info = BookInfo("The Clock Keeper", "A. Keeper", "en", audio_format="m4b")
    return replace(NewJob(str(uuid4()), USER, chapters, book=info), **changes)


def in_format(job: NewJob, audio_format: str) -> NewJob:
    """The same book as mp3, wav..."""
    return replace(job, book=replace(job.book, audio_format=audio_format))
