"""What a job's owner may do with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ttsqueue.errors import DuplicateJob, JobNotFound, NotCancellable, NotDeletable, NotRetryable
from ttsqueue.jobs import Job, JobStatus
from ttsqueue.providers.postgres import rows
from ttsqueue.providers.postgres.identifiers import known
from ttsqueue.providers.postgres.operation import Operation, Row, Rows, Values


def cancelling(job_id: str) -> Operation[Job]:
    def answer(found: Rows) -> Job:
        row = _found(found, job_id)
        job = rows.job(row)
        if job.status is not JobStatus.CANCELLED:
            raise NotCancellable(job_id, job.status)
        return job

    return Operation(_locked("cancel_job", job_id), answer, changed=_id_of, wakes=True)


def retrying(job_id: str) -> Operation[Job]:
    def answer(found: Rows) -> Job:
        row = _found(found, job_id)
        job = rows.job(row)
        if row["moved"]:
            return job
        if job.status not in (JobStatus.FAILED, JobStatus.CANCELLED):
            raise NotRetryable(job_id, job.status)
        raise DuplicateJob(str(row["twin_id"]), row["twin_status"])

    return Operation(_locked("retry_job", job_id), answer, changed=_id_of, wakes=True)


def deleting(job_id: str) -> Operation[None]:
    def answer(found: Rows) -> None:
        status = JobStatus(_found(found, job_id)["status"])
        if not status.is_final:
            raise NotDeletable(job_id, status)

    return Operation(_locked("delete_job", job_id), answer, changed=lambda _: [job_id])


def _locked(name: str, job_id: str) -> tuple[tuple[str, Values], ...]:
    """The second statement sees what the lock had to wait for."""
    values: dict[str, Any] = {"id": known(job_id)}
    return (("lock_job", values), (name, values))


def _found(found: Rows, job_id: str) -> Row:
    if not found:
        raise JobNotFound(job_id)
    return found[0]


def _id_of(job: Job) -> Sequence[str]:
    return [job.id]
