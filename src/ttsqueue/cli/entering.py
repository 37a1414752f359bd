"""The same book with the same wishes is the same job: found again, tried again, or new."""

from __future__ import annotations

from ttsqueue.errors import DuplicateJob, NotRetryable
from ttsqueue.jobs import Job, JobStatus, NewJob
from ttsqueue.listing import JobFilter
from ttsqueue.queue import TTSQueue
from ttsqueue.storage import Storage


async def enter(queue: TTSQueue, storage: Storage, book: NewJob) -> Job:
    """The job that makes this audiobook. A failed or cancelled one goes on with its finished chapters."""
    page = await queue.list_jobs(JobFilter(user_id=book.user_id, work_id=book.work_id), limit=1)
    newest = next(iter(page.jobs), None)
    try:
        if newest is None or (newest.status is JobStatus.COMPLETED and not await _is_there(newest, storage)):
            return await queue.submit(book)
        if newest.status in (JobStatus.FAILED, JobStatus.CANCELLED):
            return await queue.retry_job(newest.id)
    except (DuplicateJob, NotRetryable) as error:  # another command was quicker
        return await queue.get_job(error.job_id)
    return newest


async def _is_there(job: Job, storage: Storage) -> bool:
    file_id = job.result.audiobook_file_id if job.result else None
    return file_id is not None and await storage.exists(file_id)
