"""From finished chapters to the result of a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from pathlib import Path

from ttsqueue.audio import BookPart, BookTags, join_book
from ttsqueue.book import Chapter
from ttsqueue.errors import AudioError
from ttsqueue.result import ChapterSound, FinishedChapter, JobResult
from ttsqueue.storage import Storage, audio_file_id, is_cover
from ttsqueue.uninterrupted import uninterrupted
from ttsqueue.worker.chapter_speech import sound_of, substitutions_of
from ttsqueue.worker.studio import Reading, Studio

Spoken = tuple[Chapter, FinishedChapter]


def loose_chapters(spoken: Sequence[Spoken]) -> JobResult:
    """The result of a job that makes no audiobook."""
    ends = list(accumulate(chapter.duration for _, chapter in spoken))
    return _result(spoken, starts=[0.0, *ends[:-1]], duration=ends[-1], book_id=None)


async def joined_book(studio: Studio, reading: Reading, spoken: Sequence[Spoken]) -> JobResult:
    """The result of a full book, which is joined and published. Raises AudioError, StoreUnavailable."""
    storage = studio.storage
    draft = storage.draft(reading.book_suffix)
    book_id = audio_file_id(reading.job.lease, "book", reading.book_suffix)
    cover = await _cover(storage, reading)
    try:
        async with storage.at_hand([made.audio_file_id for _, made in spoken]) as files:
            parts = [_part(files, *each) for each in spoken]
            book = await join_book(parts, draft, reading.audio_format, _tags(reading), cover)
        await uninterrupted(storage.publish(draft, book_id))
    finally:
        draft.unlink(missing_ok=True)
    return _result(spoken, book.starts, book.duration, book_id)


def _part(files: Mapping[str, Path], chapter: Chapter, made: FinishedChapter) -> BookPart:
    file = files.get(made.audio_file_id)
    if file is None:
        raise AudioError(f"The sound of {chapter.title!r} is missing; speak this chapter again.")
    return BookPart(file, chapter.title, sound_of(made))


def _result(spoken: Sequence[Spoken], starts: Sequence[float], duration: float, book_id: str | None) -> JobResult:
    chapters = tuple(
        ChapterSound(
            *(chapter.chapter_id, chapter.title, made.audio_file_id, start, made.duration, made.silent),
            substitutions_of(made),
        )
        for (chapter, made), start in zip(spoken, starts, strict=True)
    )
    return JobResult(tuple(chapter.audio_file_id for chapter in chapters), duration, book_id, chapters)


def _tags(reading: Reading) -> BookTags:
    book = reading.job.payload.book
    return BookTags(
        book.title, book.author, book.language, comment=f"Read by {reading.voice.label or reading.voice.id}"
    )


async def _cover(storage: Storage, reading: Reading) -> bytes | None:
    """A cover that is not there any more keeps no book from being made. A job may name any file: only covers count."""
    file_id = reading.job.payload.book.cover_file_id
    if file_id is None or not is_cover(file_id, reading.job.job.work_id):
        return None
    try:
        size = (await storage.about(file_id)).size
        return b"".join([piece async for piece in storage.content(file_id, range(size))])
    except (OSError, AudioError):
        return None
