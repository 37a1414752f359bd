"""What the store and the disk say about the queue as a whole, now."""

from __future__ import annotations

import asyncio
import shutil
from datetime import datetime
from pathlib import Path

from ttsqueue.app import App
from ttsqueue.jobs import JobStatus
from ttsqueue.listing import JobFilter, QueueStats
from ttsqueue.queue import TTSQueue
from ttsqueue.web.attention import FAILURE_WINDOW, Failures, Situation
from ttsqueue.workers import Worker

_LOOKED_AT = 200
"""Jobs that one look goes through."""
_FAILED = JobFilter(statuses=frozenset({JobStatus.FAILED}))


async def situation(app: App, stats: QueueStats, workers: list[Worker], paused: bool, now: datetime) -> Situation:
    """StoreUnavailable."""
    due = stats.pending - stats.delayed
    return Situation(
        now=now,
        due=due,
        waiting_since=await app.queue.get_waiting_since(),
        workers=workers,
        failures=await recent_failures(app.queue, now),
        free_bytes=await asyncio.to_thread(free_bytes, app.storage.folder),
        paused=paused,
        servers=await app.servers.reports(),
    )


async def recent_failures(queue: TTSQueue, now: datetime) -> tuple[Failures, ...]:
    """Among the newest failed jobs, by code: more is not needed to see that an engine fails."""
    page = await queue.list_jobs(_FAILED, _LOOKED_AT)
    by_code: dict[str | None, list[datetime]] = {}
    for job in page.jobs:
        if job.completed_at is not None and now - job.completed_at <= FAILURE_WINDOW:
            by_code.setdefault(job.error_code, []).append(job.completed_at)
    return tuple(Failures(code, len(times), min(times)) for code, times in by_code.items())


def free_bytes(folder: Path) -> int | None:
    """On the disk of a folder, which need not be there yet; None when the disk does not tell."""
    there = next((place for place in (folder, *folder.parents) if place.exists()), folder)
    try:
        return shutil.disk_usage(there).free
    except OSError:
        return None
