"""What is deleted leaves nothing: no row, no sound, no cover."""

from __future__ import annotations

from ttsqueue.errors import NotDeletable
from ttsqueue.jobs import Job
from ttsqueue.listing import JobFilter
from ttsqueue.queue import TTSQueue
from ttsqueue.storage import Storage


async def remove_job(queue: TTSQueue, storage: Storage, job_id: str) -> Job:
    """Forget a job in a final state, with its files; returns what it was. JobNotFound, NotDeletable, StoreUnavailable.

    Its files go first: as long as one may be left the job is there, and can be deleted again. A worker that still
    speaks it takes away itself what it finishes after this.
    """
    job = await queue.get_job(job_id)
    if not job.status.is_final:
        raise NotDeletable(job_id, job.status)
    await _remove_files(queue, storage, job)
    await queue.delete_job(job_id)
    await _remove_files(queue, storage, job)  # what came in between
    return job


async def _remove_files(queue: TTSQueue, storage: Storage, job: Job) -> None:
    await storage.delete_job(job.id)
    await remove_unused_covers(queue, storage, job.work_id, job.id)


async def remove_unused_covers(queue: TTSQueue, storage: Storage, work_id: str, besides: str | None = None) -> None:
    """Take away the covers of a work that no job is of any more, `besides` the one with this id."""
    some = (await queue.list_jobs(JobFilter(work_id=work_id), limit=2)).jobs
    if all(job.id == besides for job in some):
        await storage.delete_covers(work_id)
