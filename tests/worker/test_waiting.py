"""An idle worker: it costs nothing and is there when it is needed."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from pathlib import Path

import psutil

from ttsqueue.jobs import ClaimedJob, JobStatus
from ttsqueue.queue import TTSQueue
from ttsqueue.result import JobResult

from .at_work import at_work, final
from .processes import TINY, worker_process
from .samples import DONE, book

MINUTE = timedelta(seconds=60)


class Clock:
    """A handler that notes when each job began."""

    def __init__(self) -> None:
        self.began: dict[str, float] = {}

    async def handler(self, job: ClaimedJob) -> JobResult:
        self.began[job.id] = time.monotonic()
        return DONE


async def test_a_delayed_job_starts_within_a_second_of_its_time(queue: TTSQueue) -> None:
    clock = Clock()
    async with at_work(queue, clock.handler, poll_interval=MINUTE):
        await asyncio.sleep(0.2)
        due = time.monotonic() + 1.5
        job_id = await queue.add_job(book(delay=timedelta(seconds=1.5)))
        await final(queue, job_id)
    assert 0 <= clock.began[job_id] - due < 0.5


async def test_a_sleeping_worker_in_another_process_is_woken_at_once(queue: TTSQueue, store: Path) -> None:
    async with worker_process(store.parent, "worker-1", *TINY):
        await asyncio.sleep(0.5)
        delays = []
        for _ in range(5):
            begin = time.monotonic()
            job_id = await queue.add_job(book(1))
            await final(queue, job_id)
            delays.append(time.monotonic() - begin)
            await asyncio.sleep(0.1)
    assert sorted(delays)[2] < 0.1


async def test_an_idle_worker_hardly_uses_the_processor(queue: TTSQueue, store: Path) -> None:
    await queue.add_job(book(delay=timedelta(hours=1)))
    async with worker_process(store.parent, "worker-1", *TINY) as worker:
        await asyncio.sleep(0.7)
        process = psutil.Process(worker.pid)
        before = sum(process.cpu_times()[:2])
        await asyncio.sleep(3)
        assert sum(process.cpu_times()[:2]) - before < 0.06


async def test_a_busy_worker_does_not_poll_for_more(queue: TTSQueue) -> None:
    claims = 0
    claim_jobs = queue.claim_jobs

    async def counting(worker: str, limit: int) -> list[ClaimedJob]:
        nonlocal claims
        claims += 1
        return await claim_jobs(worker, limit)

    queue.claim_jobs = counting  # type: ignore[method-assign, assignment]
    await queue.add_job(book(1))
    await queue.add_job(book(1))
    async with at_work(queue, lambda job: asyncio.sleep(60, DONE), slots=1):
        await asyncio.sleep(1)
    assert claims == 1


async def test_nothing_is_claimed_while_paused_and_resuming_is_noticed_at_once(queue: TTSQueue) -> None:
    clock = Clock()
    await queue.pause()
    job_id = await queue.add_job(book(1))
    async with at_work(queue, clock.handler, poll_interval=MINUTE):
        await asyncio.sleep(0.5)
        assert (await queue.get_job(job_id)).status is JobStatus.PENDING
        resumed = time.monotonic()
        await queue.resume()
        await final(queue, job_id)
    assert clock.began[job_id] - resumed < 0.3
