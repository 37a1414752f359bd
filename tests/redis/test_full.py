"""A server without memory to spare: what goes on ends, and nothing new begins in silence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from bullmq import Job as BullJob
from bullmq import Queue

from tests.conformance.samples import AT_ONCE, FAIL, HAND_BACK, back_off, claim_one, complete, new_job, spoken
from tests.conformance.test_workers import worker
from tests.redis_server import Server
from tests.worker.at_work import final
from tests.worker.samples import DONE
from ttsqueue.book import Chapter
from ttsqueue.errors import JobNotFound, StoreUnavailable
from ttsqueue.jobs import ClaimedJob, JobStatus, Progress
from ttsqueue.outcome import Outcome
from ttsqueue.provider import QueueProvider
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.redis.keys import PREFIX, QUEUE
from ttsqueue.result import JobResult

from .at_work import machine, opened
from .test_adoption import NAME, data, listening, soon, with_status
from .test_other_workers import another_worker


@pytest.fixture
def small() -> Iterator[Server]:
    server = Server("--maxmemory-policy", "noeviction")
    yield server
    server.remove()


@pytest.fixture
async def provider(small: Server) -> AsyncIterator[RedisProvider]:
    provider = RedisProvider(f"{small.url}/0")
    await provider.open()
    yield provider
    await provider.aclose()


def fill(server: Server) -> None:
    """From now on it has more than it may have."""
    server.run("CONFIG", "SET", "maxmemory", "100kb")


async def test_a_full_server_refuses_new_books_in_words(small: Server, provider: RedisProvider) -> None:
    fill(small)
    with pytest.raises(StoreUnavailable, match="Redis is full; give it more memory"):
        await provider.add(new_job())
    assert (await provider.stats()).pending == 0


async def test_a_book_goes_on_on_a_full_server(small: Server, provider: RedisProvider) -> None:
    await provider.add(new_job())
    lease = (await claim_one(provider)).lease
    fill(small)
    assert await provider.heartbeat([lease]) == frozenset()
    assert (await provider.freeze_voice(lease, "espeak:en")).voice_id == "espeak:en"
    assert (await provider.update_progress(lease, Progress(40))).progress_percent == 40
    await provider.save_chapter(lease, spoken(0))
    assert [each.finished is not None for each in await provider.chapters(lease.job_id)] == [True, False, False]
    await provider.forget_chapter(lease, 0)
    assert not any(each.finished for each in await provider.chapters(lease.job_id))


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (complete(), JobStatus.COMPLETED),
        (FAIL, JobStatus.FAILED),
        (HAND_BACK, JobStatus.PENDING),
        (back_off(), JobStatus.PENDING),
    ],
    ids=["completed", "failed", "handed back", "retried"],
)
async def test_an_attempt_ends_on_a_full_server(
    small: Server, provider: RedisProvider, outcome: Outcome, status: JobStatus
) -> None:
    await provider.add(new_job())
    lease = (await claim_one(provider)).lease
    fill(small)
    assert (await provider.settle(lease, outcome)).status is status
    assert len(await provider.attempts(lease.job_id)) == 1


@pytest.mark.parametrize("delay", [AT_ONCE, timedelta(hours=1)], ids=["due", "delayed"])
async def test_a_waiting_book_is_cancelled_retried_and_deleted_on_a_full_server(
    small: Server, provider: RedisProvider, delay: timedelta
) -> None:
    job = await provider.add(new_job(delay=delay))
    fill(small)
    assert (await provider.cancel(job.id)).status is JobStatus.CANCELLED
    assert (await provider.retry(job.id)).status is JobStatus.PENDING
    await provider.cancel(job.id)
    await provider.delete(job.id)
    with pytest.raises(JobNotFound):
        await provider.get(job.id)


async def test_a_running_book_is_cancelled_on_a_full_server(small: Server, provider: RedisProvider) -> None:
    await provider.add(new_job())
    lease = (await claim_one(provider)).lease
    fill(small)
    assert (await provider.cancel(lease.job_id)).status is JobStatus.CANCELLED
    assert await provider.heartbeat([lease]) == {lease}


async def test_what_is_old_goes_on_a_full_server(small: Server, provider: RedisProvider) -> None:
    fill(small)
    await provider.prune()


async def test_a_worker_ends_its_book_on_a_full_server(small: Server) -> None:
    going = asyncio.Event()

    async def handler(_: ClaimedJob) -> JobResult:
        await going.wait()
        return DONE

    async with opened(f"{small.url}/0") as queue, machine(f"{small.url}/0", handler):
        job = await queue.provider.add(new_job(1))
        await soon(lambda: _is_running(queue.provider))
        fill(small)
        going.set()
        assert (await final(queue, job.id)).status is JobStatus.COMPLETED


async def _is_running(provider: QueueProvider) -> bool:
    return (await provider.stats()).processing == 1


async def test_a_worker_comes_lives_and_goes_on_a_full_server(small: Server, provider: RedisProvider) -> None:
    it = worker("worker-1")
    fill(small)
    await provider.register_worker(it)
    assert await provider.worker_alive(it.instance)
    await provider.remove_worker(it.instance)
    assert await provider.workers() == []


async def test_workers_take_turns_at_a_server_on_a_full_server(small: Server, provider: RedisProvider) -> None:
    """They write a note for it, without which no sentence is spoken."""
    fill(small)
    assert await provider.write_note("server:voices", "turn", 0)


async def test_a_book_that_ends_elsewhere_has_ended_on_a_full_server(small: Server, provider: RedisProvider) -> None:
    await listening(provider)
    going = asyncio.Event()

    async def speak(_: BullJob) -> object:
        await going.wait()
        return {"audioFileIds": ["a.m4a"], "totalDuration": 3.5}

    await provider.add(new_job(1))
    async with another_worker(f"{small.url}/0", speak):
        await soon(lambda: with_status(provider, JobStatus.PROCESSING))
        fill(small)
        going.set()
        done = await soon(lambda: with_status(provider, JobStatus.COMPLETED))
    assert done.result.total_duration == 3.5


async def test_a_worker_empties_a_full_server(small: Server) -> None:
    """The texts of a book go when it is spoken."""
    text = (Chapter("ch1", "x" * 100_000, ""),)
    going = asyncio.Event()

    async def handler(_: ClaimedJob) -> JobResult:
        await going.wait()
        return DONE

    async with opened(f"{small.url}/0") as queue, machine(f"{small.url}/0", handler):
        jobs = [await queue.provider.add(replace(new_job(), chapters=text)) for _ in range(3)]
        await soon(lambda: _is_running(queue.provider))
        fill(small)
        going.set()
        finished = [await final(queue, job.id) for job in jobs]
    assert [(job.status, job.claims) for job in finished] == [(JobStatus.COMPLETED, 1)] * 3


async def test_upkeep_and_pausing_go_on(provider: RedisProvider, small: Server) -> None:
    await provider.add(new_job())
    fill(small)
    await provider.prune()
    await provider.set_paused(True)
    assert await provider.claim("w") == []
    await provider.set_paused(False)
    assert len(await provider.claim("w")) == 1


async def test_what_another_producer_put_in_before_is_spoken(provider: RedisProvider, small: Server) -> None:
    bullmq = Queue(QUEUE, {"connection": f"{small.url}/0", "prefix": PREFIX})
    try:
        await bullmq.add(NAME, data(), {})
        fill(small)
        claim = await claim_one(provider)
        await provider.settle(claim.lease, complete())
    finally:
        await bullmq.close()
