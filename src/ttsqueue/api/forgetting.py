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
        is_spoken = await _is_any(app, replace(theirs, statuses=frozenset({JobStatus.PROCESSING})))
        await Bulk(app, Action.CANCEL).do_to_matching(theirs)
        if is_spoken:
            await asyncio.sleep(LETTING_GO)
        deleted += (await Bulk(app, Action.DELETE, on_deleted).do_to_matching(theirs)).changed
    return deleted


async def _is_any(app: App, which: JobFilter) -> bool:
    return bool((await app.queue.list_jobs(which, limit=1)).jobs)
