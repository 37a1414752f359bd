"""What a job's owner may do with it."""

from __future__ import annotations

import sqlite3

from ttsqueue.errors import DuplicateJob, JobNotFound, NotCancellable, NotDeletable, NotRetryable
from ttsqueue.jobs import Job, JobStatus
from ttsqueue.providers.sqlite import rows
from ttsqueue.providers.sqlite.leaving import tell_watchers
from ttsqueue.providers.sqlite.settling import close_attempt, record
from ttsqueue.providers.sqlite.transaction import Transaction


def cancel(transaction: Transaction, job_id: str) -> Job:
    before = _row(transaction, job_id)
    status = JobStatus(before["status"])
    if status is JobStatus.CANCELLED:
        return rows.job(before)
    if status.is_final:
        raise NotCancellable(job_id, status)
    job = _moved(transaction, "cancel_job", job_id)
    if status is JobStatus.PROCESSING:
        close_attempt(transaction, before["seq"], job, "cancelled")
    record(transaction, before["seq"], job, "cancelled")
    return job


def retry(transaction: Transaction, job_id: str) -> Job:
    before = _row(transaction, job_id)
    if before["status"] not in (JobStatus.FAILED, JobStatus.CANCELLED):
        raise NotRetryable(job_id, before["status"])
    twin = transaction.one("active_job", {name: before[name] for name in ("work_hash", "active_hash")})
    if twin is not None:
        raise DuplicateJob(twin["id"], twin["status"])
    job = _moved(transaction, "retry_job", job_id)
    record(transaction, before["seq"], job, "retried by hand")
    return job


def delete(transaction: Transaction, job_id: str) -> None:
    status = JobStatus(_row(transaction, job_id)["status"])
    if not status.is_final:
        raise NotDeletable(job_id, status)
    transaction.run("delete_job", {"id": job_id})
    tell_watchers(transaction, [job_id])


def _row(transaction: Transaction, job_id: str) -> sqlite3.Row:
    row = transaction.one("get_job", {"id": job_id})
    if row is None:
        raise JobNotFound(job_id)
    return row


def _moved(transaction: Transaction, query: str, job_id: str) -> Job:
    transaction.has_news_for_workers = True
    values = {"id": job_id, "now": transaction.now, "number": transaction.number}
    return rows.job(transaction.all(query, values)[0])
