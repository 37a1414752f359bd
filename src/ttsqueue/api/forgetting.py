"""Forgetting a user: every job of theirs, with its files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from ttsqueue.api.bulk import Action, Bulk
from ttsqueue.app import App
from ttsqueue.jobs import Job, JobStatus
from ttsqueue.listing import JobFilter

LETTING_GO = 3.0
"""Seconds in which a worker notices that its book was cancelled, stops, and publishes nothing any more."""


async def forget_user(app: App, user_id: str, on_deleted: Callable[[Job], None]) -> int:
    """Cancel and delete all jobs of this user, with sound and covers; returns how many were deleted.

    A book that is being spoken is deleted once its worker has let go of it, so that no sound is there any more when
    this returns, not even for a moment. Jobs that are added meanwhile go too.
    """
    theirs, deleted = JobFilter(user_id=user_id), 0
    while await _is_any(app, theirs):
        await Bulk(app, Action.CANCEL).do_to_matching(theirs)
        if await _may_be_spoken(app, theirs):
            await asyncio.sleep(LETTING_GO)
        deleted += (await Bulk(app, Action.DELETE, on_deleted).do_to_matching(theirs)).changed
    return deleted


async def _may_be_spoken(app: App, theirs: JobFilter) -> bool:
    """Whether a worker had one of these books when it was cancelled, just now or at any time before."""
    cancelled, cursor = replace(theirs, statuses=frozenset({JobStatus.CANCELLED})), None
    while True:
        page = await app.queue.list_jobs(cancelled, cursor=cursor)
        if any(job.worker_id for job in page.jobs):
            return True
        cursor = page.next_cursor
        if cursor is None:
            return False


async def _is_any(app: App, which: JobFilter) -> bool:
    return bool((await app.queue.list_jobs(which, limit=1)).jobs)
