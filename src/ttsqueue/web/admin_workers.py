"""The workers as the admin's page lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ttsqueue.errors import JobNotFound
from ttsqueue.jobs import Job
from ttsqueue.queue import TTSQueue
from ttsqueue.web import wording
from ttsqueue.web.attention import is_stale
from ttsqueue.web.wording import State
from ttsqueue.workers import Worker

_SILENT = State("failed", "Silent")
_SPEAKING = State("speaking", "Speaking")
_IDLE = State("waiting", "Idle")


@dataclass(frozen=True, slots=True)
class HeldBook:
    """A book that a worker is at."""

    id: str
    title: str
    doing: str


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """One worker."""

    name: str
    host: str
    version: str
    state: State
    heard: str
    """How long ago: `3 s ago`."""
    slots: str
    books: tuple[HeldBook, ...]


async def list_workers(queue: TTSQueue, workers: Sequence[Worker]) -> tuple[WorkerRow, ...]:
    """By name, with what each holds."""
    return tuple([worker_row(worker, await _held(queue, worker)) for worker in workers])


def worker_row(worker: Worker, jobs: Sequence[Job]) -> WorkerRow:
    """`jobs` are those that the worker holds."""
    return WorkerRow(
        name=worker.name,
        host=worker.process.host,
        version=worker.version,
        state=_SILENT if is_stale(worker) else _SPEAKING if jobs else _IDLE,
        heard=_heard(worker),
        slots=f"{len(jobs)} of {worker.slots} busy",
        books=tuple(HeldBook(job.id, wording.title_of(job), _doing(job)) for job in jobs),
    )


def _heard(worker: Worker) -> str:
    return "never" if worker.silent_for is None else f"{wording.length(worker.silent_for.total_seconds())} ago"


def _doing(job: Job) -> str:
    return f"{wording.doing(job).removeprefix('Speaking ')} · {job.progress_percent} %"


async def _held(queue: TTSQueue, worker: Worker) -> list[Job]:
    jobs = []
    for job_id in worker.job_ids:
        try:
            jobs.append(await queue.get_job(job_id))
        except JobNotFound:  # deleted between two looks
            continue
    return jobs
