"""What a script answered, as values or as the error that it means."""

from __future__ import annotations

import json

from ttsqueue.contract import payload_from_json
from ttsqueue.errors import DuplicateJob, JobNotFound, LeaseLost, NotCancellable, NotDeletable, NotRetryable
from ttsqueue.jobs import Claim, Job, Lease
from ttsqueue.providers.redis import rows
from ttsqueue.providers.redis.lane import Answer


def found(answer: Answer, job_id: str) -> Answer:
    """JobNotFound."""
    if answer[0] == "missing":
        raise JobNotFound(job_id)
    return answer


def job(answer: Answer, job_id: str) -> Job:
    """JobNotFound."""
    return rows.job(found(answer, job_id)[1])


def held(answer: Answer, lease: Lease) -> Answer:
    """LeaseLost."""
    if answer[0] == "lost":
        raise LeaseLost(lease.job_id)
    return answer


def cancelled(answer: Answer, job_id: str) -> Job:
    """JobNotFound, NotCancellable."""
    if answer[0] == "refused":
        raise NotCancellable(job_id, answer[1])
    return job(answer, job_id)


def retried(answer: Answer, job_id: str) -> Job:
    """JobNotFound, NotRetryable, DuplicateJob."""
    if answer[0] == "refused":
        raise NotRetryable(job_id, answer[1])
    if answer[0] == "duplicate":
        raise DuplicateJob(answer[1], answer[2])
    return job(answer, job_id)


def gone_twin(answer: Answer) -> str | None:
    """BullMQ's id of the active job that is the same, when another program took that one out of the queue."""
    return answer[3] if answer[0] == "duplicate" and len(answer) > 3 else None


def deleted(answer: Answer, job_id: str) -> None:
    """JobNotFound, NotDeletable."""
    if answer[0] == "refused":
        raise NotDeletable(job_id, answer[1])
    found(answer, job_id)


def claim(row: rows.Row, payload: str) -> Claim:
    """`payload` is empty unless the book is short."""
    lease = Lease(row["id"], int(row["lease"]))
    return Claim(rows.job(row), lease, payload_from_json(json.loads(payload)) if payload else None)
