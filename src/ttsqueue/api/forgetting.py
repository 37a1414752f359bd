"""Forgetting a user: every job of theirs, with its sound."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

from ttsqueue.api.bulk import Action, Bulk
from ttsqueue.app import App
from ttsqueue.jobs import Job, JobStatus
from ttsqueue.listing import JobFilter
from ttsqueue.queue import TTSQueue

LETTING_GO = timedelta(seconds=3)
"""In this time a worker notices that its book was cancelled, stops, and publishes nothing any more."""

_PAGE = 200


async def forget_user(app: App, user_id: str) -> int:
    """Cancel and delete all jobs of this user, with sound and covers; returns how many were deleted.

    A book that was being spoken is deleted once its worker has let go of it: no file may appear after its folder has
    gone. Jobs that are added meanwhile go too.
    """
    theirs, deleted = JobFilter(user_id=user_id), 0
    works: set[str] = set()
    while await app.queue.count_jobs(theirs):
        await Bulk(app, Action.CANCEL).do_to_matching(theirs)
        since, is_spoken = datetime.now(UTC) - LETTING_GO, False
        async for job in _jobs(app.queue, theirs):
            works.add(job.work_id)
            is_spoken = is_spoken or _was_spoken_after(job, since)
        if is_spoken:
            await asyncio.sleep(LETTING_GO.total_seconds())
        deleted += (await Bulk(app, Action.DELETE).do_to_matching(theirs)).changed
    for work_id in works:
        await _forget_cover(app, work_id)
    return deleted


async def _jobs(queue: TTSQueue, which: JobFilter) -> AsyncGenerator[Job, None]:
    cursor = None
    while True:
        page = await queue.list_jobs(which, _PAGE, cursor)
        for job in page.jobs:
            yield job
        cursor = page.next_cursor
        if cursor is None:
            return


def _was_spoken_after(job: Job, since: datetime) -> bool:
    """Whether a worker may still speak this job: a cancelled one keeps the name of the worker it was taken from."""
    is_cancelled = job.status is JobStatus.CANCELLED and job.worker_id is not None
    return is_cancelled and job.completed_at is not None and job.completed_at > since


async def _forget_cover(app: App, work_id: str) -> None:
    """Covers lie under the id of their work, which somebody else may have queued too."""
    if not await app.queue.count_jobs(JobFilter(work_id=work_id)):
        await asyncio.to_thread(app.storage.delete_job, work_id)
