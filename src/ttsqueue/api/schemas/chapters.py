"""The chapters of a job and what has happened to it, in answers."""

from __future__ import annotations

from pydantic import Field

from ttsqueue.api.schemas.job import Moment
from ttsqueue.api.schemas.wire import Wire
from ttsqueue.jobs import JobStatus


class ChapterOut(Wire):
    """One chapter; the last members are null until it has been spoken."""

    index: int = Field(description="0-based place in the job.")
    chapter_id: str
    title: str
    characters: int
    audio_file_id: str | None
    audio_url: str | None = Field(description="Signed, good for some hours; asks for no identity.")
    duration: float | None = Field(description="Seconds.")
    silent: bool | None
    finished_at: Moment | None


class ChaptersOut(Wire):
    """In the order of the book."""

    chapters: list[ChapterOut]


class StateOut(Wire):
    """A state that the job has been in."""

    at: Moment
    status: JobStatus
    reason: str


class AttemptOut(Wire):
    """One claim and how it ended."""

    number: int
    worker_id: str
    started_at: Moment
    ended_at: Moment | None
    outcome: str | None = Field(
        description="completed, failed, retried, handed_back, lost or cancelled; null while it runs."
    )
    error: str | None


class TimelineOut(Wire):
    """Oldest first."""

    history: list[StateOut]
    attempts: list[AttemptOut]
