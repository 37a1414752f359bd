"""Watching one job until it has ended."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from ttsqueue.cli.kept import kept_chapters
from ttsqueue.cli.view import View
from ttsqueue.cli.wording import waiting
from ttsqueue.errors import TTSQueueError
from ttsqueue.jobs import Job, JobStatus
from ttsqueue.queue import TTSQueue

LOOK_EVERY = 1.0
"""Seconds between two looks at what a waiting book waits for."""


class NotSpoken(TTSQueueError):
    """The job ended without an audiobook."""

    code = "not_spoken"


async def follow(queue: TTSQueue, job_id: str, view: View) -> Job:
    """Show a job until it is completed, and return it so. NotSpoken when it ends in another way."""
    waits = asyncio.create_task(_tell_waiting(queue, job_id, view))
    job = await queue.get_job(job_id)
    try:
        async for job in queue.watch(job_id):
            await view.show(job)
    finally:
        waits.cancel()
    if job.status is not JobStatus.COMPLETED:
        raise NotSpoken(await _why_not(queue, job))
    return job


async def _tell_waiting(queue: TTSQueue, job_id: str, view: View) -> None:
    while True:
        await asyncio.sleep(LOOK_EVERY)
        position = await queue.get_position(job_id)
        if position is None:
            continue
        job = await queue.get_job(job_id)
        if job.run_at > datetime.now(UTC) + timedelta(seconds=2 * LOOK_EVERY):
            view.waiting(job, _until(job))
        else:
            view.waiting(job, waiting(position, await queue.is_paused()))


def _until(job: Job) -> str:
    reason = f" to be tried again: {job.last_error}" if job.last_error else ""
    return f"Waiting until {job.run_at.astimezone():%H:%M:%S}{reason}"


async def _why_not(queue: TTSQueue, job: Job) -> str:
    happened = "it was cancelled." if job.status is JobStatus.CANCELLED else job.error_message or "no reason is known."
    return f"{happened} {await kept_chapters(queue, [job.id])}"
