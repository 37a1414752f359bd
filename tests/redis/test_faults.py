"""The server forgets, falls and comes back; calls are cut in the middle."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis.asyncio import Redis

from tests.conformance.samples import claim_one, complete, new_job
from tests.redis_server import Server
from tests.worker.at_work import eventually, final
from tests.worker.samples import DONE
from ttsqueue.errors import StoreUnavailable
from ttsqueue.jobs import Claim, ClaimedJob, Job, JobStatus
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.redis.keys import BULL
from ttsqueue.queue import TTSQueue
from ttsqueue.result import JobResult

from .at_work import machine, opened
from .proxy import proxied


@pytest.fixture
def durable() -> Iterator[Server]:
    """A server that writes what it is told to disk, as docs/bullmq.md says."""
    server = Server("--appendonly", "yes", "--appendfsync", "everysec")
    yield server
    server.remove()


@pytest.fixture
async def lasting(durable: Server) -> AsyncIterator[RedisProvider]:
    provider = RedisProvider(durable.url)
    await provider.open()
    yield provider
    await provider.aclose()


async def test_scripts_that_the_server_forgot_are_sent_again(provider: RedisProvider, redis: Redis) -> None:
    await provider.add(new_job())
    await redis.script_flush()
    job = await provider.add(new_job())
    await redis.script_flush()
    assert len(await provider.claim("w", 5)) == 2
    assert (await provider.get(job.id)).status is JobStatus.PROCESSING


async def test_a_server_killed_and_started_again_has_lost_nothing(durable: Server, lasting: RedisProvider) -> None:
    jobs = [await lasting.add(new_job()) for _ in range(20)]
    claims = await lasting.claim("w", 10)
    durable.kill()
    durable.start()
    for claim in claims:
        await lasting.settle(claim.lease, complete())
    stats = await lasting.stats()
    assert (stats.completed, stats.pending) == (10, 10)
    assert {claim.job.id for claim in await lasting.claim("w", 20)} == {job.id for job in jobs[10:]}


async def test_a_short_outage_is_waited_for(durable: Server, lasting: RedisProvider) -> None:
    durable.kill()
    adding = asyncio.create_task(lasting.add(new_job()))
    await asyncio.sleep(1)
    await asyncio.to_thread(durable.start)
    assert (await adding).status is JobStatus.PENDING
    assert (await lasting.stats()).pending == 1


async def test_a_long_outage_is_told_in_words_and_ends_by_itself(durable: Server, lasting: RedisProvider) -> None:
    durable.kill()
    with pytest.raises(StoreUnavailable, match="Redis does not answer; check that the server runs"):
        await lasting.stats()
    durable.start()
    assert (await lasting.stats()).pending == 0


async def test_who_looks_on_in_silence_outlives_a_long_outage(durable: Server, lasting: RedisProvider) -> None:
    lasting.longest_silence = 0.1
    job = await lasting.add(new_job())
    async with aclosing(TTSQueue(lasting).watch(job.id)) as states, asyncio.timeout(60):
        assert (await anext(states)).status is JobStatus.PENDING
        following = asyncio.create_task(anext(states))
        durable.kill()
        with pytest.raises(StoreUnavailable):
            await lasting.stats()
        await asyncio.sleep(0.5)
        durable.start()
        await lasting.cancel(job.id)
        assert (await following).status is JobStatus.CANCELLED


async def test_who_waits_for_work_is_woken_after_a_restart(durable: Server, lasting: RedisProvider) -> None:
    await lasting.wait_for_work(0.1)
    durable.kill()
    durable.start()
    await asyncio.sleep(1)
    await lasting.wait_for_work(0.1)
    waiting = asyncio.create_task(lasting.wait_for_work(10))
    await asyncio.sleep(0.1)
    started = time.monotonic()
    await lasting.add(new_job())
    await waiting
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("cut", ["claim", "settle", "add", "retry", "cancel", "delete", "write_note"])
async def test_a_call_whose_answer_was_lost_is_made_again_without_doing_it_twice(
    provider: RedisProvider, monkeypatch: pytest.MonkeyPatch, cut: str
) -> None:
    """The call reaches the server and is done there; then the connection breaks before the answer comes."""
    lane = provider._store.writing
    send = lane._send
    cuts: list[str] = []

    async def cut_once(calls):  # type: ignore[no-untyped-def]
        answers = await send(calls)
        if calls[0].script == cut and not cuts:
            cuts.append(cut)
            raise ConnectionResetError
        return answers

    monkeypatch.setattr(lane, "_send", cut_once)
    job = await provider.add(new_job())
    claim = await claim_one(provider)
    assert claim.job.claims == 1
    await provider.settle(claim.lease, complete())
    assert (await provider.get(job.id)).status is JobStatus.COMPLETED
    other = await provider.add(new_job())
    await provider.cancel(other.id)
    assert (await provider.retry(other.id)).status is JobStatus.PENDING
    await provider.cancel(other.id)
    await provider.delete(other.id)
    assert await provider.write_note("n", "text", 0)
    assert cuts == [cut]
    stats = await provider.stats()
    assert (stats.completed, stats.pending, stats.cancelled) == (1, 0, 0)


async def test_delays_end_on_time_on_a_worker_that_is_idle_for_long(url: str, provider: RedisProvider) -> None:
    """BullMQ's own Python worker never wakes again from a silence of more than five seconds, with redis-py 8."""
    started: dict[str, datetime] = {}

    async def handler(job: ClaimedJob) -> JobResult:
        started[job.id] = datetime.now(UTC)
        return DONE

    async with machine(url, handler, poll_interval=timedelta(minutes=5)):
        jobs = [await provider.add(new_job(delay=timedelta(seconds=seconds))) for seconds in (1.5, 7, 15)]
        await asyncio.sleep(13)
        jobs.append(await provider.add(new_job()))  # and what is told meanwhile is heard
        await eventually(lambda: _are_all_in(started, jobs))
    for job in jobs:
        assert timedelta(0) <= started[job.id] - job.run_at < timedelta(seconds=1)


async def _are_all_in(started: dict[str, datetime], jobs: list[Job]) -> bool:
    return len(started) == len(jobs)


async def test_40_jobs_at_10_a_second_take_three_seconds(url: str, provider: RedisProvider, redis: Redis) -> None:
    """The limit is BullMQ's, for the whole queue. Its own Python worker takes 15 seconds, or stops."""
    await redis.hset(f"{BULL}meta", mapping={"max": 10, "duration": 1000})
    await asyncio.gather(*(provider.add(new_job(1)) for _ in range(40)))
    started: list[float] = []

    async def handler(_: ClaimedJob) -> JobResult:
        started.append(time.monotonic())
        return DONE

    async with machine(url, handler, slots=8):
        await eventually(lambda: _is_enough(started, 40))
    assert 3.0 <= started[-1] - started[0] < 3.6


async def _is_enough(found: list[float], number: int) -> bool:
    return len(found) >= number


async def test_a_limit_on_running_jobs_is_kept(url: str, provider: RedisProvider, redis: Redis) -> None:
    await redis.hset(f"{BULL}meta", "concurrency", 2)
    await asyncio.gather(*(provider.add(new_job(1)) for _ in range(8)))
    running: list[int] = [0]
    most: list[int] = []

    async def handler(_: ClaimedJob) -> JobResult:
        running[0] += 1
        most.append(running[0])
        await asyncio.sleep(0.1)
        running[0] -= 1
        return DONE

    began = time.monotonic()
    async with machine(url, handler, slots=8):
        await eventually(lambda: _is_over(provider, 8))
    assert max(most) == 2
    assert time.monotonic() - began < 3


async def _is_over(provider: RedisProvider, jobs: int) -> bool:
    return (await provider.stats()).completed == jobs


async def test_a_handler_that_is_cancelled_from_within_stops_no_worker(url: str, provider: RedisProvider) -> None:
    """BullMQ's own Python worker ends without a word."""
    first = await provider.add(new_job(1, priority=1))

    async def handler(job: ClaimedJob) -> JobResult:
        if job.id == first.id and job.job.attempts < 2:
            raise asyncio.CancelledError
        return DONE

    async with machine(url, handler) as worker:
        others = [await provider.add(new_job(1)) for _ in range(3)]
        await eventually(lambda: _is_over(provider, 4))
        assert not worker.task.done()
    assert (await provider.get(first.id)).claims == 2
    assert [(await provider.get(other.id)).claims for other in others] == [1, 1, 1]


async def test_a_worker_goes_on_after_an_outage(durable: Server) -> None:
    await outage(durable, seconds=7)


@pytest.mark.drill
async def test_a_worker_goes_on_after_an_outage_of_a_minute(durable: Server) -> None:
    await outage(durable, seconds=60)


async def outage(durable: Server, seconds: float) -> None:
    """Longer than any call waits. What runs goes on, and what others added before is done afterwards, each once."""
    handled: list[str] = []

    async def handler(job: ClaimedJob) -> JobResult:
        handled.append(job.id)
        await asyncio.sleep(seconds / 2)
        return DONE

    async with opened(durable.url) as queue, machine(durable.url, handler, slots=2) as worker:
        jobs = [await queue.provider.add(new_job(1)) for _ in range(4)]
        await eventually(lambda: _are_handled(handled, 2))
        await asyncio.sleep(1.1)  # everysec
        durable.kill()
        await asyncio.sleep(seconds)
        await asyncio.to_thread(durable.start)
        finished = await asyncio.gather(*(final(queue, job.id, within=30 + seconds) for job in jobs))
        assert not worker.task.done()
        assert [job.status for job in finished] == [JobStatus.COMPLETED] * 4
        assert [job.claims for job in finished] == [1] * 4
    assert sorted(handled) == sorted(job.id for job in jobs)


async def _are_handled(handled: list[str], number: int) -> bool:
    return len(handled) >= number


async def test_scripts_that_are_forgotten_under_load_are_sent_again(
    url: str, provider: RedisProvider, redis: Redis
) -> None:
    async def handler(_: ClaimedJob) -> JobResult:
        return DONE

    async with machine(url, handler, slots=4):
        for _ in range(20):
            await redis.script_flush()
            await asyncio.gather(*(provider.add(new_job(1)) for _ in range(5)))
        await eventually(lambda: _is_over(provider, 100))


@pytest.mark.parametrize("number", range(3))
async def test_an_answer_that_is_lost_on_its_way_is_asked_for_again(url: str, number: int) -> None:
    """Whoever repeats such a call blindly adds, claims or ends a job twice."""
    async with proxied(url) as proxy:
        provider = RedisProvider(proxy.url)
        await provider.open()
        steps: list[Callable[[], Awaitable[Any]]] = [
            lambda: provider.add(new_job(1)),
            lambda: provider.claim("w"),
            lambda: provider.settle(claims[0].lease, complete(1)),
        ]
        claims: list[Claim] = []
        for place, step in enumerate(steps):
            if place == number:
                proxy.cut_the_next_answer()
            answer = await step()
            claims = answer if place == 1 else claims
        assert proxy.is_cut
        job = await provider.get(claims[0].job.id)
        assert (job.status, job.claims) == (JobStatus.COMPLETED, 1)
        assert (await provider.stats()).pending == 0
        await provider.aclose()


async def test_a_job_that_is_claimed_before_its_adding_is_repeated_stays_claimed(
    url: str, provider: RedisProvider
) -> None:
    async with proxied(url) as proxy:
        far = RedisProvider(proxy.url)
        await far.open()
        proxy.cut_the_next_answer(meanwhile=lambda: provider.claim("quick"))
        job = await far.add(new_job(1))
        assert proxy.is_cut
        await far.aclose()
    assert (job.status, job.worker_id) == (JobStatus.PROCESSING, "quick")
    assert await provider.get(job.id) == job
    assert await provider.claim("other") == []


async def test_a_server_with_too_many_clients_is_told_in_words() -> None:
    server = Server("--maxclients", "4")
    others = [Redis.from_url(server.url, single_connection_client=True) for _ in range(4)]
    provider = RedisProvider(server.url)
    try:
        for other in others:
            await other.ping()
        with pytest.raises(StoreUnavailable, match="Redis has as many clients as it allows; raise maxclients"):
            await provider.open()
        for _ in range(3):  # as many as one of ours has
            await others.pop().aclose()
        await provider.open()
        await provider.wait_for_work(0.1)
        assert (await provider.add(new_job())).status is JobStatus.PENDING
    finally:
        await asyncio.gather(provider.aclose(), *(other.aclose() for other in others))
        server.remove()


async def test_a_caller_that_goes_away_stops_nothing(provider: RedisProvider) -> None:
    adding = asyncio.create_task(provider.add(new_job()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    adding.cancel()
    await provider.add(new_job())
    assert (await provider.stats()).pending == 2
