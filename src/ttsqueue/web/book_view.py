"""One book as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ttsqueue.api.signing import AudioLinks
from ttsqueue.jobs import Job, JobStatus
from ttsqueue.queue import TTSQueue
from ttsqueue.records import Attempt, ChapterRecord
from ttsqueue.result import Substitution
from ttsqueue.web import wording
from ttsqueue.web.timeline import Step, timeline_of
from ttsqueue.web.wording import State

_SPEAKING = State("speaking", "Speaking")
_WAITING = State("waiting", "Waiting")
_NOT_SPOKEN = State("stopped", "Not spoken")
_DONE = State("done", "Done")


@dataclass(frozen=True, slots=True)
class ChapterRow:
    """`url` is None until the chapter can be heard."""

    number: int
    title: str
    state: State
    seconds: float | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class BookView:
    """Everything on the page of one book."""

    job: Job
    title: str
    window_title: str
    state: State
    sentence: str
    details: tuple[str, ...]
    """Short remarks below the sentence, without the moments."""
    chapters: tuple[ChapterRow, ...]
    timeline: tuple[Step, ...]
    attempts: tuple[Attempt, ...]
    audiobook_url: str | None
    substitutions: tuple[Substitution, ...]
    """Sentences that another voice spoke, once the book is there."""
    starts_at: datetime | None
    """Of a book that must wait for its time."""

    @property
    def is_open(self) -> bool:
        return not self.job.status.is_final

    @property
    def can_be_retried(self) -> bool:
        return self.job.status in (JobStatus.FAILED, JobStatus.CANCELLED)


async def look_at(queue: TTSQueue, job: Job, links: AudioLinks) -> BookView:
    """Ask the store for what the page needs beside the job."""
    chapters = await queue.get_chapters(job.id)
    job = up_to_date(job, chapters)
    paused = job.status is JobStatus.PENDING and await queue.is_paused()
    position = await queue.get_position(job.id)
    now = datetime.now(UTC)
    book = job.result.audiobook_file_id if job.result else None
    made = job.result.chapters if job.result else ()
    return BookView(
        job=job,
        title=wording.title_of(job),
        window_title=wording.window_title(job),
        state=wording.state_of(job.status),
        sentence=wording.what_happens(job, position, paused=paused, now=now),
        details=details_of(job, chapters),
        chapters=tuple(chapter_row(job, chapter, links) for chapter in chapters),
        timeline=timeline_of(await queue.get_history(job.id), chapters),
        attempts=tuple(await queue.get_attempts(job.id)),
        audiobook_url=links.url(book) if book else None,
        substitutions=tuple(one for chapter in made for one in chapter.substitutions),
        starts_at=job.run_at if wording.is_delayed(job, now) else None,
    )


def up_to_date(job: Job, chapters: list[ChapterRecord]) -> Job:
    """The store learns that a chapter is finished a moment before it learns that the next one has begun."""
    unfinished = [chapter.index + 1 for chapter in chapters if chapter.finished is None]
    if job.status is not JobStatus.PROCESSING or not unfinished:
        return job
    return replace(job, current_chapter=unfinished[0])


def details_of(job: Job, chapters: list[ChapterRecord]) -> tuple[str, ...]:
    """What is worth a second line."""
    finished = sum(chapter.finished is not None for chapter in chapters)
    remarks = [wording.time_left(job)]
    if job.status in (JobStatus.FAILED, JobStatus.CANCELLED):
        remarks.append(wording.what_was_kept(finished, len(chapters)))
    if job.status is JobStatus.PENDING and finished:
        remarks.append(wording.what_was_kept(finished, len(chapters)))
    if job.status is JobStatus.COMPLETED:
        remarks.append(wording.counted(job.total_chapters, "chapter"))
    if job.claims > 1 and job.status is JobStatus.PROCESSING:
        remarks.append(f"attempt {job.attempts} of {job.max_attempts}")
    return tuple(remark for remark in remarks if remark)


def chapter_row(job: Job, chapter: ChapterRecord, links: AudioLinks) -> ChapterRow:
    number = chapter.index + 1
    title = chapter.title or f"Chapter {number}"
    made = chapter.finished
    if made is not None:
        return ChapterRow(number, title, _DONE, made.duration, links.url(made.audio_file_id))
    if job.status.is_final:
        return ChapterRow(number, title, _NOT_SPOKEN)
    speaking = job.status is JobStatus.PROCESSING and number == job.current_chapter
    return ChapterRow(number, title, _SPEAKING if speaking else _WAITING)
