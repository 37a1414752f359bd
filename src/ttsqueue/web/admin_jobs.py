"""Everybody's jobs as the admin's page lists them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ttsqueue.activity import LAST_PREMIUM_PRIORITY
from ttsqueue.jobs import Job, JobStatus
from ttsqueue.queue import TTSQueue
from ttsqueue.web import wording
from ttsqueue.web.admin_address import Asked
from ttsqueue.web.query import UnreadableQuery, read_query, term
from ttsqueue.web.wording import State

PAGE = 50
"""Jobs at a time."""


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job of the list."""

    id: str
    title: str
    state: State
    sentence: str
    tier: str
    priority: int
    queued_at: datetime
    error_code: str | None
    like_it: str | None
    """The address of the jobs that failed with the same code."""
    user_id: str
    of_user: str
    """The address of the same user's jobs."""


@dataclass(frozen=True, slots=True)
class JobList:
    """A page of jobs, or a complaint about the query."""

    rows: tuple[JobRow, ...] = ()
    more: str | None = None
    """The address of the older ones."""
    complaint: str | None = None


async def list_jobs(queue: TTSQueue, asked: Asked, now: datetime) -> JobList:
    """Newest first. InvalidJob for a cursor that is not ours."""
    try:
        which = read_query(asked.words, now)
    except UnreadableQuery as error:
        return JobList(complaint=str(error))
    page = await queue.list_jobs(which, PAGE, asked.cursor)
    more = asked.address("jobs", cursor=page.next_cursor) if page.next_cursor else None
    return JobList(tuple(job_row(job, now) for job in page.jobs), more)


def job_row(job: Job, now: datetime) -> JobRow:
    code = term("error", job.error_code or "")
    return JobRow(
        id=job.id,
        title=wording.title_of(job),
        state=wording.state_of(job.status),
        sentence=_sentence(job, now),
        tier="premium" if job.priority <= LAST_PREMIUM_PRIORITY else "free",
        priority=job.priority,
        queued_at=job.created_at,
        error_code=job.error_code,
        like_it=_asking_for(f"state:failed {code}") if code else None,
        user_id=job.user_id,
        of_user=_asking_for(term("user", job.user_id)),
    )


def _asking_for(words: str) -> str:
    return Asked(words).address("jobs")


def _sentence(job: Job, now: datetime) -> str:
    """What an operator wants to know of it beside its state."""
    match job.status:
        case JobStatus.PENDING:
            return _waiting(job, now)
        case JobStatus.PROCESSING:
            return f"{wording.doing(job)} · {job.progress_percent} % · {job.worker_id or 'unknown worker'}"
        case JobStatus.COMPLETED:
            return f"plays {wording.length(job.result.total_duration)}" if job.result else ""
        case JobStatus.FAILED:
            return job.error_message or job.last_error or "no reason is known"
        case JobStatus.CANCELLED:
            return f"in chapter {job.current_chapter} of {job.total_chapters}" if job.current_chapter else ""


def _waiting(job: Job, now: datetime) -> str:
    seconds = (job.run_at - now).total_seconds()
    said = f"starts in {wording.length(seconds)}" if seconds >= 1 else f"for {wording.length(max(-seconds, 0.0))}"
    return f"{said} · {job.last_error}" if job.last_error else said
