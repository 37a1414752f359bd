"""What is deleted leaves nothing: no row, no sound, no cover."""

from __future__ import annotations

from ttsqueue.jobs import Job
from ttsqueue.listing import JobFilter
from ttsqueue.queue import TTSQueue
from ttsqueue.storage import Storage


async def remove_job(queue: TTSQueue, storage: Storage, job_id: str) -> Job:
    """Forget a job in a final state, with its files; returns what it was. JobNotFound, NotDeletable.

    A worker that still speaks it takes away itself what it finishes after this.
    """
    job = await queue.get_job(job_id)
    await queue.delete_job(job_id)
    await storage.delete_job(job_id)
    await remove_unused_covers(queue, storage, job.work_id)
    return job


async def remove_unused_covers(queue: TTSQueue, storage: Storage, work_id: str) -> None:
    """Take away the covers of a work that no job is of any more."""
    if not (await queue.list_jobs(JobFilter(work_id=work_id), limit=1)).jobs:
        await storage.delete_covers(work_id)
