"""The queue as a few lines of plain Python: what every store must do, without time, disk or concurrency."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from ttsqueue.errors import (
    DuplicateJob,
    IdempotencyMismatch,
    JobNotFound,
    LeaseLost,
    NotCancellable,
    NotDeletable,
    NotRetryable,
)
from ttsqueue.jobs import DEFAULT_MAX_ATTEMPTS, IdempotencyKey, JobStatus, Lease, NewJob
from ttsqueue.listing import QueueStats
from ttsqueue.outcome import Complete, Fail, Outcome, Requeue


@dataclass(slots=True)
class ModelJob:
    """A job as the model knows it. `run_at` is the store's own stamp; the model only says when it may move."""

    id: str
    new: NewJob
    arrival: int
    run_at: datetime
    is_due: bool
    status: JobStatus = JobStatus.PENDING
    attempts: int = 0
    claims: int = 0
    percent: int = 0
    voice_id: str | None = None
    last_error: str | None = None
    error_message: str | None = None
    lease: Lease | None = None
    spoken: dict[int, str] = field(default_factory=dict)
    states: list[JobStatus] = field(default_factory=lambda: [JobStatus.PENDING])
    outcomes: list[str | None] = field(default_factory=list)

    @property
    def place(self) -> tuple[int, datetime, int]:
        return self.new.priority, self.run_at, self.arrival

    @property
    def max_attempts(self) -> int:
        return self.new.max_attempts or DEFAULT_MAX_ATTEMPTS

    @property
    def first_unspoken(self) -> int | None:
        return next((index for index in range(len(self.new.chapters)) if index not in self.spoken), None)

    def become(self, status: JobStatus) -> None:
        self.status = status
        self.states.append(status)

    def end_attempt(self, outcome: str) -> None:
        self.lease = None
        self.outcomes[-1] = outcome


class Model:
    """Raises what a store raises and changes what a store changes."""

    def __init__(self) -> None:
        self.jobs: dict[str, ModelJob] = {}
        self.keys: dict[str, tuple[str, str]] = {}
        self.arrivals = 0

    # --- what may be read ---

    def job(self, job_id: str) -> ModelJob:
        if job_id not in self.jobs:
            raise JobNotFound(job_id)
        return self.jobs[job_id]

    def waiting(self) -> list[ModelJob]:
        """Due jobs in the order of claims."""
        due = (job for job in self.jobs.values() if job.status is JobStatus.PENDING and job.is_due)
        return sorted(due, key=lambda job: job.place)

    def stats(self) -> QueueStats:
        jobs = self.jobs.values()
        by_status = {status.value: sum(job.status is status for job in jobs) for status in JobStatus}
        delayed = sum(job.status is JobStatus.PENDING and not job.is_due for job in jobs)
        return QueueStats(**by_status, delayed=delayed)

    def holds(self, lease: Lease) -> bool:
        return lease.job_id in self.jobs and self.jobs[lease.job_id].lease == lease

    def held(self, lease: Lease) -> ModelJob:
        if not self.holds(lease):
            raise LeaseLost(lease.job_id)
        return self.jobs[lease.job_id]

    # --- what may be done ---

    def made_before(self, new: NewJob, key: IdempotencyKey | None) -> str | None:
        """The id of the job that this request made already, if it did."""
        if key is not None and key.key in self.keys:
            job_id, body_hash = self.keys[key.key]
            if body_hash != key.body_hash:
                raise IdempotencyMismatch(key.key)
            return job_id
        self._only_one_active(_book(new))
        return None

    def add(self, job_id: str, new: NewJob, key: IdempotencyKey | None, run_at: datetime) -> ModelJob:
        self.arrivals += 1
        job = self.jobs[job_id] = ModelJob(job_id, new, self.arrivals, run_at, is_due=not new.delay)
        if key is not None:
            self.keys[key.key] = job_id, key.body_hash
        return job

    def claim(self, limit: int) -> list[ModelJob]:
        """The leases are the store's to make up."""
        taken = self.waiting()[:limit]
        for job in taken:
            job.become(JobStatus.PROCESSING)
            job.attempts += 1
            job.claims += 1
            job.outcomes.append(None)
        return taken

    def progress(self, lease: Lease, percent: int) -> None:
        job = self.held(lease)
        job.percent = max(job.percent, min(percent, 99))

    def freeze_voice(self, lease: Lease, voice_id: str) -> None:
        job = self.held(lease)
        job.voice_id = job.voice_id or voice_id

    def save_chapter(self, lease: Lease, index: int, file_id: str) -> None:
        job = self.held(lease)
        if index == job.first_unspoken:
            job.attempts = 1
        job.spoken[index] = file_id

    def forget_chapter(self, lease: Lease, index: int) -> None:
        self.held(lease).spoken.pop(index, None)

    def settle(self, lease: Lease, outcome: Outcome) -> ModelJob:
        job = self.held(lease)
        match outcome:
            case Complete():
                job.percent = 100
                job.end_attempt("completed")
                job.become(JobStatus.COMPLETED)
            case Fail():
                job.error_message = job.last_error = outcome.error
                job.end_attempt(outcome.kind)
                job.become(JobStatus.FAILED)
            case Requeue():
                job.attempts = max(job.attempts - outcome.refund, 0)
                job.last_error = outcome.error or job.last_error
                job.is_due = not outcome.delay
                job.end_attempt(outcome.kind)
                job.become(JobStatus.PENDING)
        return job

    def cancel(self, job_id: str) -> None:
        job = self.job(job_id)
        if job.status in (JobStatus.COMPLETED, JobStatus.FAILED):
            raise NotCancellable(job_id, job.status)
        if job.status is JobStatus.PROCESSING:
            job.end_attempt("cancelled")
        if job.status is not JobStatus.CANCELLED:
            job.become(JobStatus.CANCELLED)

    def retry(self, job_id: str) -> ModelJob:
        job = self.job(job_id)
        if job.status not in (JobStatus.FAILED, JobStatus.CANCELLED):
            raise NotRetryable(job_id, job.status)
        self._only_one_active(_book(job.new))
        job.attempts, job.is_due = 0, True
        job.error_message = job.last_error = None
        job.become(JobStatus.PENDING)
        return job

    def delete(self, job_id: str) -> None:
        job = self.job(job_id)
        if not job.status.is_final:
            raise NotDeletable(job_id, job.status)
        del self.jobs[job_id]
        self.keys = {key: made for key, made in self.keys.items() if made[0] != job_id}

    def _only_one_active(self, book: tuple[object, ...]) -> None:
        for other in self.jobs.values():
            if _book(other.new) == book and not other.status.is_final:
                raise DuplicateJob(other.id, other.status)


def _book(new: NewJob) -> tuple[object, ...]:
    return new.user_id, new.work_id, new.job_type, *(chapter.chapter_id for chapter in new.chapters)
