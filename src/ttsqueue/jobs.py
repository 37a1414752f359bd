"""What a job is. Values only: nothing here reads a clock, a file or a store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from ttsqueue.book import BookInfo, Chapter, Payload, VoiceSettings
from ttsqueue.result import JobResult

DEFAULT_MAX_ATTEMPTS = 3


class JobStatus(StrEnum):
    """pending -> processing -> completed | failed | cancelled. A delayed job is pending with a later `run_at`."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self not in (JobStatus.PENDING, JobStatus.PROCESSING)


class JobType(StrEnum):
    """How much of the work is spoken. Only a full book is joined to one audiobook."""

    FULL_BOOK = "full_book"
    SINGLE_CHAPTER = "single_chapter"
    SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job before it is accepted. `work_id` and `user_id` are UUIDs."""

    work_id: str
    user_id: str
    chapters: tuple[Chapter, ...]
    job_type: JobType = JobType.FULL_BOOK
    voice_settings: VoiceSettings = field(default_factory=VoiceSettings)
    book: BookInfo = field(default_factory=BookInfo)
    priority: int = 5
    """1 (soonest) to 10."""
    delay: timedelta = timedelta(0)
    """Nobody may claim the job before this has passed, by the store's clock."""
    run_at: datetime | None = None
    """The same as an instant (aware); the later of the two holds."""
    max_attempts: int | None = None
    """None stands for the queue's setting, or DEFAULT_MAX_ATTEMPTS where there is no queue."""

    @property
    def payload(self) -> Payload:
        return Payload(self.chapters, self.voice_settings, self.book)


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """A caller's promise that two requests are one. Scoped to the job's user and kept for 24 hours."""

    key: str
    body_hash: str


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write to a claimed job. `token` grows with every claim, reset, takeover, cancel and retry.

    A claim's are milliseconds since 1970.
    """

    job_id: str
    token: int


@dataclass(frozen=True, slots=True)
class Job:
    """A job as anyone may see it. Times are aware and in UTC."""

    id: str
    work_id: str
    user_id: str
    job_type: JobType
    status: JobStatus
    priority: int
    total_chapters: int
    attempts: int
    """Budget used: see promise 3 in docs. Never above max_attempts."""
    max_attempts: int
    claims: int
    """How often any worker claimed it."""
    created_at: datetime
    updated_at: datetime
    run_at: datetime
    title: str = ""
    voice_id: str | None = None
    """`engine:voice` once it is frozen."""
    progress_percent: int = 0
    progress_message: str = ""
    current_chapter: int = 0
    eta_seconds: float | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    """When it reached its final state, whichever that is."""
    heartbeat_at: datetime | None = None
    worker_id: str | None = None
    error_message: str | None = None
    """Why it failed for good."""
    error_code: str | None = None
    last_error: str | None = None
    """What went wrong last, also when it was tried again."""
    result: JobResult | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A job together with the lease on it."""

    job: Job
    lease: Lease
    payload: Payload | None = field(default=None, compare=False)
    """Its texts, if they are short and the store had them at hand; else ask it for them."""


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A claimed job with all that is needed to speak it."""

    job: Job
    lease: Lease
    payload: Payload

    @property
    def id(self) -> str:
        return self.job.id

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        return self.payload.chapters

    @property
    def voice_settings(self) -> VoiceSettings:
        return self.payload.voice_settings


@dataclass(frozen=True, slots=True)
class Progress:
    """What a worker reports. None leaves a field as it was."""

    percent: int | None = None
    """0 to 100; kept from going backwards, and at 99 until the job completes."""
    message: str | None = None
    current_chapter: int | None = None
    eta_seconds: float | None = None
