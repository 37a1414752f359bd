"""What a job is. Values only: nothing here reads a clock, a file or a store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

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
class Chapter:
    """One chapter as handed in. `chapter_id` is the caller's own name for it, unique within the job."""

    chapter_id: str
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """Who speaks and how fast. `voice_id` is `engine:voice`, or `default` for a voice of the book's language."""

    voice_id: str = "default"
    speed: float = 1.0


@dataclass(frozen=True, slots=True)
class BookInfo:
    """What the finished audiobook says about itself."""

    title: str = ""
    author: str = ""
    language: str = ""
    """BCP 47 tag, or empty when unknown."""
    audio_format: str = "m4b"
    """m4b, mp3, opus, flac or wav."""
    cover_file_id: str | None = None
    """A picture already in storage."""


@dataclass(frozen=True, slots=True)
class Payload:
    """Everything needed to speak a job, frozen at submission."""

    chapters: tuple[Chapter, ...]
    voice_settings: VoiceSettings = field(default_factory=VoiceSettings)
    book: BookInfo = field(default_factory=BookInfo)


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
    """The right to write to a claimed job. `token` grows with every claim, reset, takeover, cancel and retry."""

    job_id: str
    token: int


@dataclass(frozen=True, slots=True)
class ChapterSound:
    """One chapter in the result; `start` and `duration` in seconds of the audiobook."""

    chapter_id: str
    title: str
    audio_file_id: str
    start: float
    duration: float
    silent: bool = False
    """True when the chapter held nothing that can be spoken."""


@dataclass(frozen=True, slots=True)
class JobResult:
    """What a completed job made. `audio_file_ids` holds one id per chapter, in order."""

    audio_file_ids: tuple[str, ...]
    total_duration: float
    """Seconds."""
    audiobook_file_id: str | None = None
    chapters: tuple[ChapterSound, ...] = ()
    completed_at: datetime | None = None
    """Filled in by the queue."""


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


@dataclass(frozen=True, slots=True)
class FinishedChapter:
    """A spoken chapter: the pointer that makes its file count."""

    index: int
    """0-based place in the payload."""
    audio_file_id: str
    duration: float
    """Seconds."""
    silent: bool = False
    sound: Mapping[str, float] = field(default_factory=dict)
    """Measurements that joining needs again, for example samples and loudness."""


@dataclass(frozen=True, slots=True)
class ChapterRecord:
    """One chapter as the store knows it; `finished` is None until it has been spoken."""

    index: int
    chapter_id: str
    title: str
    characters: int
    finished: FinishedChapter | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One claim and how it ended. `outcome` is None while it runs.

    Else one of completed, failed, retried, handed_back, lost (stuck or taken over), cancelled.
    """

    number: int
    worker_id: str
    started_at: datetime
    ended_at: datetime | None = None
    outcome: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class StateChange:
    """One step of a job's life."""

    at: datetime
    status: JobStatus
    reason: str = ""


@dataclass(frozen=True, slots=True)
class QueueStats:
    """`pending` includes `delayed`."""

    pending: int = 0
    processing: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    delayed: int = 0


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Which jobs a list shows; None means any."""

    user_id: str | None = None
    work_id: str | None = None
    statuses: frozenset[JobStatus] | None = None


@dataclass(frozen=True, slots=True)
class JobPage:
    """Jobs, newest first; `next_cursor` is opaque and None on the last page."""

    jobs: tuple[Job, ...]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class WorkerProcess:
    """Which process a worker is, so that another can tell whether it still lives."""

    host: str
    boot_id: str
    pid_namespace: str
    pid: int
    started: float
    """Start time of the process as the kernel tells it, in seconds."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A registered worker. `instance` is unique per start; `name` is unique among registered workers."""

    name: str
    instance: str
    process: WorkerProcess
    version: str
    slots: int
    registered_at: datetime | None = None
    heartbeat_at: datetime | None = None
    """Both by the store's clock; None only before it is registered."""
    job_ids: tuple[str, ...] = ()
    """What it holds, read from the jobs; filled in by the store."""
