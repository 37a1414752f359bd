"""May this become a job? Checked when a job is handed in, and again by the worker, since rows also arrive past us."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from ttsqueue.book import BookInfo, Chapter, Payload, VoiceSettings
from ttsqueue.errors import InvalidJob
from ttsqueue.jobs import JobType, NewJob
from ttsqueue.priority import LATEST, SOONEST
from ttsqueue.text import has_words, storable

SLOWEST = 0.5
FASTEST = 2.5
MOST_ATTEMPTS = 1000
LONGEST_DELAY = timedelta(days=3650)
MAX_CHAPTERS = 10_000
MAX_CHARACTERS = 50_000_000
SAMPLE_CHARACTERS = 1000
"""Of a sample job, up to the end of a sentence."""
AUDIO_FORMATS = ("m4b", "mp3", "opus", "flac", "wav")


def accepted(job: NewJob) -> NewJob:
    """The job, cleaned and in canonical form. InvalidJob says what is wrong."""
    if type(job.priority) is not int or not SOONEST <= job.priority <= LATEST:
        raise InvalidJob(f"priority must be a whole number from {SOONEST} to {LATEST}, not {job.priority!r}.")
    if job.max_attempts is not None and not 1 <= job.max_attempts <= MOST_ATTEMPTS:
        raise InvalidJob(f"max_attempts must be from 1 to {MOST_ATTEMPTS}, not {job.max_attempts}.")
    _check_start(job)
    payload = accepted_payload(job.payload, job.job_type)
    return replace(
        job,
        work_id=_uuid("workId", job.work_id),
        user_id=_uuid("userId", job.user_id),
        chapters=payload.chapters,
        voice_settings=payload.voice_settings,
        book=payload.book,
    )


def _check_start(job: NewJob) -> None:
    if job.delay > LONGEST_DELAY:
        raise InvalidJob(f"A job can be delayed by at most {LONGEST_DELAY.days} days.")
    if job.run_at is not None and job.run_at.tzinfo is None:
        raise InvalidJob("run_at needs a time zone.")


def accepted_payload(payload: Payload, job_type: JobType) -> Payload:
    """The payload, cleaned. InvalidJob says what is wrong."""
    return Payload(_chapters(payload.chapters, job_type), _voice(payload.voice_settings), _book(payload.book))


def _chapters(chapters: tuple[Chapter, ...], job_type: JobType) -> tuple[Chapter, ...]:
    cleaned = tuple(
        Chapter(storable(chapter.chapter_id), storable(chapter.text), storable(chapter.title)) for chapter in chapters
    )
    _check_number(len(cleaned), job_type)
    _check_ids(cleaned)
    _check_texts(cleaned)
    return cleaned


def _check_number(number: int, job_type: JobType) -> None:
    if number == 0:
        raise InvalidJob("A job needs at least one chapter.")
    if number > MAX_CHAPTERS:
        raise InvalidJob(f"A job holds at most {MAX_CHAPTERS} chapters; split this book into batches.")
    if job_type is JobType.SINGLE_CHAPTER and number != 1:
        raise InvalidJob(f"A single_chapter job has exactly one chapter, not {number}.")


def _check_ids(chapters: tuple[Chapter, ...]) -> None:
    seen: set[str] = set()
    for number, chapter in enumerate(chapters, 1):
        if not chapter.chapter_id or len(chapter.chapter_id) > 255:
            raise InvalidJob(f"Chapter {number} needs an id of 1 to 255 characters.")
        if chapter.chapter_id in seen:
            raise InvalidJob(f"Two chapters have the id {chapter.chapter_id!r}.")
        seen.add(chapter.chapter_id)


def _check_texts(chapters: tuple[Chapter, ...]) -> None:
    if sum(len(chapter.text) for chapter in chapters) > MAX_CHARACTERS:
        raise InvalidJob(f"A job holds at most {MAX_CHARACTERS:,} characters; split this book into batches.")
    if not any(has_words(chapter.text) for chapter in chapters):
        raise InvalidJob("The book is empty: no chapter holds a word.")


def _voice(voice: VoiceSettings) -> VoiceSettings:
    speed = voice.speed
    if isinstance(speed, bool) or not SLOWEST <= speed <= FASTEST:  # which NaN is not either
        raise InvalidJob(f"speed must be between {SLOWEST} and {FASTEST}, not {speed}.")
    return VoiceSettings(storable(voice.voice_id) or "default", float(speed))


def _book(book: BookInfo) -> BookInfo:
    if book.audio_format not in AUDIO_FORMATS:
        raise InvalidJob(f"format must be one of {', '.join(AUDIO_FORMATS)}, not {book.audio_format!r}.")
    return replace(
        book,
        title=storable(book.title)[:500],
        author=storable(book.author)[:500],
        language=storable(book.language)[:35],
        cover_file_id=book.cover_file_id and storable(book.cover_file_id),
    )


def _uuid(name: str, value: str) -> str:
    try:
        return str(UUID(value))
    except (ValueError, AttributeError, TypeError):
        raise InvalidJob(f"{name} must be a UUID, not {value!r}.") from None
