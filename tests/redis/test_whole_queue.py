"""What bull-board and other programs do to the whole queue, without a word about each job."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from bullmq import Job as BullJob
from bullmq import Queue
from redis.asyncio import Redis

from tests.conformance.samples import claim_one, new_job
from ttsqueue.errors import DuplicateJob
from ttsqueue.jobs import JobStatus
from ttsqueue.outcome import Fail
from ttsqueue.process_identity import this_process
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.redis import provider as redis_provider
from ttsqueue.workers import Worker

from .life import live
from .test_adoption import NAME, data, soon

MANY = 3000


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


async def _filled(provider: RedisProvider) -> None:
    """With one book that is being spoken. Who listens has looked for what was missing before."""
    await provider.wait_for_work(0.1)
    await asyncio.sleep(1.5)
    await provider.add_many([new_job(1) for _ in range(MANY + 1)])
    await provider.claim("w")


async def _are_cancelled(provider: RedisProvider, number: int) -> bool:
    stats = await provider.stats()
    return (stats.cancelled, stats.pending) == (number, MANY - min(number, MANY))


async def test_books_of_a_queue_that_a_tool_obliterates_are_cancelled(provider: RedisProvider, bullmq: Queue) -> None:
    await _filled(provider)
    await bullmq.obliterate(force=True)
    await soon(lambda: _are_cancelled(provider, MANY + 1), 15)


async def test_books_that_a_tool_cleans_in_bulk_are_cancelled(provider: RedisProvider, bullmq: Queue) -> None:
    """Those of the plain list, too: only their number is told."""
    await _filled(provider)
    assert len(await bullmq.clean(0, 1000, "prioritized")) == 1000
    await soon(lambda: _are_cancelled(provider, 1000), 15)
    assert (await provider.stats()).processing == 1


async def test_books_that_a_tool_drains_are_cancelled_though_nothing_tells_of_it(
    url: str, bullmq: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_provider, "_PATIENCE", timedelta(seconds=1))
    provider = RedisProvider(url, poll_interval=timedelta(seconds=1))
    await provider.open()
    try:
        await _filled(provider)
        await bullmq.drain()
        await soon(lambda: _are_cancelled(provider, MANY), 20)
        assert (await provider.stats()).processing == 1
    finally:
        await provider.aclose()


async def test_a_book_whose_twin_a_tool_has_drained_a_moment_ago_is_taken(
    provider: RedisProvider, bullmq: Queue
) -> None:
    new = new_job()
    first = await provider.add(new)
    with pytest.raises(DuplicateJob):
        await provider.add(new)
    await bullmq.drain()
    assert (await provider.add(new)).status is JobStatus.PENDING
    assert (await provider.get(first.id)).status is JobStatus.CANCELLED


async def test_a_failed_book_whose_twin_a_tool_has_drained_can_be_retried(
    provider: RedisProvider, bullmq: Queue
) -> None:
    new = new_job()
    failed = await provider.add(new)
    await provider.settle((await claim_one(provider)).lease, Fail("no voice"))
    twin = await provider.add(new)
    await bullmq.drain()
    assert (await provider.retry(failed.id)).status is JobStatus.PENDING
    assert (await provider.get(twin.id)).status is JobStatus.CANCELLED


async def test_of_a_queue_as_it_should_be_nothing_is_missing(provider: RedisProvider, bullmq: Queue) -> None:
    """Whatever ours are asked to do: else they would look for ever."""
    await live(provider, bullmq)
    await provider.add(new_job())
    await provider.add(new_job(delay=timedelta(hours=1)))
    await provider.claim("w")
    _, missing, _ = await provider._store.reading.run("missing", {})
    assert missing == 0


@pytest.mark.parametrize("heard", [True, False], ids=["heard", "unheard"])
async def test_the_same_books_can_be_put_in_by_another_program_once_the_queue_was_emptied(
    provider: RedisProvider, bullmq: Queue, heard: bool
) -> None:
    books = [data() for _ in range(6)]
    if heard:
        await provider.wait_for_work(0.1)
    for book in books:
        await bullmq.add(NAME, book, {})
    await provider.prune()
    await bullmq.obliterate(True)
    again = [await bullmq.add(NAME, book, {"jobId": f"again-{place}"}) for place, book in enumerate(books)]
    claims = await provider.claim("w", 10)
    assert [claim.job.work_id for claim in claims] == [book["workId"] for book in books]
    assert [await bullmq.getJobState(made.id) for made in again] == ["active"] * 6


async def _shown_workers(redis: Redis) -> list[str]:
    """As `Queue.getWorkers` of BullMQ for Node finds them among all connections."""
    begins = "{tts}:dHRzLWdlbmVyYXRpb24=:w:"
    names = [str(client["name"]) for client in await redis.client_list()]
    return [name.removeprefix(begins) for name in names if name.startswith(begins)]


async def test_tools_see_a_program_as_a_worker_as_long_as_it_works(provider: RedisProvider, redis: Redis) -> None:
    await provider.wait_for_work(0.1)
    await provider.add(new_job())
    assert await _shown_workers(redis) == []
    worker = Worker("studio 7#2", uuid4().hex, this_process(), "1", 1)
    await provider.register_worker(worker)
    for _ in range(2):
        await provider.claim(worker.name)
        assert await _shown_workers(redis) == ["studio%207%232"]
        await redis.client_kill_filter(_type="normal", skipme=True)
    await provider.aclose()
    assert await _shown_workers(redis) == []
