"""Books to queue, and the few steps that nearly every test begins with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from ttsqueue.book import Chapter
from ttsqueue.jobs import Claim, Job, NewJob
from ttsqueue.listing import JobFilter
from ttsqueue.outcome import Complete, Fail, Requeue
from ttsqueue.provider import QueueProvider
from ttsqueue.records import Attempt, ChapterRecord, StateChange
from ttsqueue.result import FinishedChapter, JobResult
from ttsqueue.retry import after_hand_back

USER = "5b0d1f7e-6a51-4f0c-9d63-0c8f2f9f7a01"
STRANGER = "0f6f9a52-9f0e-4a58-8a0f-3b1f0f6c5d02"
WORKER = "worker-1"

AT_ONCE = timedelta(0)
LATER = timedelta(hours=1)
EVERYTHING = JobFilter()

HAND_BACK = after_hand_back()
FAIL = Fail("The voice does not exist.", "unknown_voice")
LOST = Requeue("lost", "The worker was lost.")


def new_job(chapters: int = 3, **changes: Any) -> NewJob:
    """A book of a work that no other test job has."""
    job = NewJob(work_id=str(uuid4()), user_id=USER, chapters=tuple(map(chapter, range(chapters))))
    return replace(job, **changes)


def numbered_job(number: int) -> NewJob:
    """The same job for the same number, in every process."""
    return new_job(1, work_id=str(UUID(int=number)))


def chapter(index: int) -> Chapter:
    return Chapter(f"ch{index + 1}", f"It was night number {index + 1}.", f"Chapter {index + 1}")


def spoken(index: int, file_id: str | None = None) -> FinishedChapter:
    return FinishedChapter(index, file_id or f"audio-{index + 1}", duration=12.5)


def complete(chapters: int = 3) -> Complete:
    files = tuple(f"audio-{index + 1}" for index in range(chapters))
    return Complete(JobResult(files, total_duration=12.5 * chapters, audiobook_file_id="book"))


def back_off(delay: timedelta = LATER) -> Requeue:
    return Requeue("retried", "The server hung up.", delay)


async def add_many(provider: QueueProvider, number: int, **changes: Any) -> list[str]:
    """Ids of new jobs, in order of arrival."""
    return [(await provider.add(new_job(1, **changes))).id for _ in range(number)]


async def claim_one(provider: QueueProvider, worker: str = WORKER) -> Claim:
    """Claim the next job; there must be one."""
    (claim,) = await provider.claim(worker)
    return claim


async def claimed(provider: QueueProvider, chapters: int = 3, **changes: Any) -> Claim:
    """A new job, claimed. The queue must hold nothing that comes before it."""
    job = await provider.add(new_job(chapters, **changes))
    claim = await claim_one(provider)
    assert claim.job.id == job.id
    return claim


async def claim_order(provider: QueueProvider) -> list[str]:
    """Ids of all due jobs in the order in which they are handed out, one by one."""
    order: list[str] = []
    while len(order) < 100 and (claims := await provider.claim(WORKER)):
        order += ids(claims)
    return order


def ids(claims: Sequence[Claim]) -> list[str]:
    return [claim.job.id for claim in claims]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a store says about one job."""

    job: Job
    chapters: list[ChapterRecord]
    attempts: list[Attempt]
    history: list[StateChange]


async def snapshot(provider: QueueProvider, job_id: str) -> Snapshot:
    return Snapshot(
        await provider.get(job_id),
        await provider.chapters(job_id),
        await provider.attempts(job_id),
        await provider.history(job_id),
    )
