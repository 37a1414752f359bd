"""A job in answers. The members are those of `ttsqueue.contract`, plus the addresses of its sound."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ttsqueue.api.schemas.wire import Wire
from ttsqueue.jobs import JobStatus, JobType

Moment = str
"""ISO 8601 in UTC, ending in Z."""


class SubstitutionOut(Wire):
    """A sentence that the job's voice could not speak."""

    text: str = Field(description="Its beginning, if it is long.")
    voice_id: str = Field(description="Who spoke it.")


class ChapterSoundOut(Wire):
    """One chapter of the finished audiobook."""

    chapter_id: str
    title: str
    audio_file_id: str
    start: float = Field(description="Seconds into the audiobook.")
    duration: float = Field(description="Seconds.")
    silent: bool = Field(description="True when the chapter held nothing that can be spoken.")
    substitutions: list[SubstitutionOut] = Field(description="Sentences that another voice had to speak.")
    audio_url: str = Field(description="Signed, good for some hours; asks for no identity.")


class ResultOut(Wire):
    """What a completed job made."""

    audio_file_ids: list[str]
    total_duration: float = Field(description="Seconds.")
    completed_at: Moment | None
    audiobook_file_id: str | None
    audiobook_url: str | None
    chapters: list[ChapterSoundOut]


class JobOut(Wire):
    """A job. The texts of its chapters are never sent back."""

    id: str
    work_id: str
    user_id: str
    job_type: JobType
    title: str
    status: JobStatus
    priority: int
    progress_percent: int
    progress_message: str
    current_chapter: int
    total_chapters: int
    attempts: int = Field(description="Of the budget `maxAttempts`; goes back to 1 while the book moves forward.")
    max_attempts: int
    error_message: str | None = Field(description="Why it failed for good.")
    error_code: str | None
    last_error: str | None = Field(description="What went wrong last, also when it was tried again.")
    created_at: Moment
    started_at: Moment | None
    completed_at: Moment | None
    run_at: Moment
    eta_seconds: float | None
    voice_id: str | None
    result: ResultOut | None


class OneJob(Wire):
    """A job, and where it stands in the queue."""

    job: JobOut
    position: int | None = Field(None, description="How many jobs come before it; null unless it is pending.")


class ManyJobs(Wire):
    """Newest first."""

    jobs: list[JobOut]
    next_cursor: str | None = Field(description="For the next page; null on the last one.")


class Queued(Wire):
    """The answer to a new job."""

    success: Literal[True]
    job_id: str
    job: JobOut


class EstimateOut(Wire):
    """What a job will take. Nothing is subtracted for sound that is kept from earlier."""

    voice_id: str = Field(description="Who will speak.")
    chapters: int
    characters: int = Field(description="That are spoken.")
    calls: int = Field(description="Of the engine; about.")
    estimated_seconds: float = Field(description="Of sound; about.")
    estimated_cost: float | None = Field(
        description="By the price of the voice's server, in the currency of the price list; null when it costs "
        "nothing, or when `costUnknown` says why nobody knows."
    )
    cost_unknown: str | None = Field(
        description="A server of the voice may cost money, and its price is missing; null when what it costs is known."
    )


class Estimated(Wire):
    """The answer to a dry run."""

    success: Literal[True]
    estimate: EstimateOut


class Cancelled(Wire):
    """The answer to a cancel."""

    success: Literal[True]
    message: str
    job: JobOut


class Changed(Wire):
    """The answer to what changes a job."""

    success: Literal[True]
    job: JobOut


class Done(Wire):
    """The answer where nothing is left to show."""

    success: Literal[True]
