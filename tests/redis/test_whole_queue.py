"""What bull-board and other programs do to the whole queue, without a word about each job."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

from bullmq import Job as BullJob
from bullmq import Queue

from tests.conformance.samples import new_job
from ttsqueue.providers.redis import RedisProvider


async def _woken_after(waiting: asyncio.Task[None]) -> float:
    """Seconds."""
    began = time.monotonic()
    await waiting
    return time.monotonic() - began


async def _asleep(provider: RedisProvider) -> asyncio.Task[None]:
    """An idle worker that has heard all there is."""
    await provider.wait_for_work(0.1)
    await provider.wait_for_work(0.5)
    waiting = asyncio.create_task(provider.wait_for_work(20))
    await asyncio.sleep(0.3)
    assert not waiting.done()
    return waiting


async def test_a_queue_that_a_tool_resumes_wakes_who_waits_for_work(provider: RedisProvider, bullmq: Queue) -> None:
    await bullmq.pause()
    job = await provider.add(new_job())
    waiting = await _asleep(provider)
    assert await provider.claim("w") == []
    await bullmq.resume()
    assert await _woken_after(waiting) < 1
    assert [claim.job.id for claim in await provider.claim("w")] == [job.id]


async def test_a_delayed_job_that_a_tool_promotes_wakes_who_waits_for_work(
    provider: RedisProvider, bullmq: Queue
) -> None:
    job = await provider.add(new_job(delay=timedelta(hours=1)))
    waiting = await _asleep(provider)
    await (await BullJob.fromId(bullmq, job.id)).promote()
    assert await _woken_after(waiting) < 1
    assert [claim.job.id for claim in await provider.claim("w")] == [job.id]
