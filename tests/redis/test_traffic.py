"""What idle programs ask of a Redis where each command is paid for: also those inside of scripts."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from tests.conformance.samples import add_many
from tests.redis.at_work import machine
from ttsqueue.jobs import ClaimedJob
from ttsqueue.process_identity import this_process
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.queue import TTSQueue
from ttsqueue.result import JobResult
from ttsqueue.settings import parse_duration
from ttsqueue.worker.lease_keeper import LeaseKeeper
from ttsqueue.worker.upkeep import Upkeep
from ttsqueue.workers import Worker

PAGE = Path(__file__).parents[2] / "docs" / "bullmq.md"
A_DAY = timedelta(days=1)
MOST = 5_000
STUCK_AFTER = timedelta(minutes=30)


def documented(name: str) -> timedelta:
    found = re.search(rf"^export {name}=(\S+)", PAGE.read_text("utf-8"), re.MULTILINE)
    assert found
    return parse_duration(found[1])


async def commands(redis: Redis) -> int:
    known = await redis.info("commandstats")
    return sum(each["calls"] for name, each in known.items() if not name.startswith(("cmdstat_info", "cmdstat_config")))


async def cost(redis: Redis, act: Callable[[], Awaitable[object]]) -> int:
    """Commands of the second time: the first one makes connections and teaches scripts."""
    await act()
    before = await commands(redis)
    await act()
    return await commands(redis) - before


@pytest.fixture
async def worker(provider: RedisProvider) -> Worker:
    worker = Worker("worker-1", uuid4().hex, this_process(), "1", 1)
    await provider.register_worker(worker)
    return worker


async def test_an_idle_server_and_an_idle_worker_stay_under_5000_commands_a_day(
    provider: RedisProvider, redis: Redis, worker: Worker
) -> None:
    poll, heartbeat = documented("POLL_INTERVAL"), documented("HEARTBEAT_INTERVAL")
    queue = TTSQueue(provider, stuck_after=STUCK_AFTER)
    upkeep = Upkeep(queue, LeaseKeeper(provider, heartbeat), STUCK_AFTER, poll)

    async def look_for_work() -> None:
        await provider.claim("worker-1")
        await provider.next_due()

    async def look_for_missing() -> None:
        listening = provider._store._listening
        listening._missing._due = 0
        await listening._missing.look_when_due(listening._wire)

    quiet = RedisProvider("redis://nowhere", poll_interval=poll)
    listeners = 2
    a_day = (
        await cost(redis, look_for_work) * (A_DAY / poll)
        + await cost(redis, lambda: provider.worker_alive(worker.instance)) * (A_DAY / heartbeat)
        + await cost(redis, upkeep.round) * (A_DAY / timedelta(seconds=upkeep.period))
        + listeners * (A_DAY / quiet._patience)
        + listeners * await cost(redis, look_for_missing) * (A_DAY / quiet._look_every)
    )
    assert a_day < MOST, a_day


async def test_how_a_book_ended_and_the_claim_of_the_next_go_to_the_server_together(
    url: str, provider: RedisProvider, redis: Redis
) -> None:
    last, over = (await add_many(provider, 60))[-1], asyncio.Event()

    async def speak(job: ClaimedJob) -> JobResult:
        if job.id == last:
            over.set()
        return JobResult((), 0.0)

    before = (await redis.info("stats"))["total_reads_processed"]
    async with machine(url, speak, slots=1):
        await over.wait()
    assert (await redis.info("stats"))["total_reads_processed"] - before < 100


def test_where_each_command_is_paid_for_a_job_is_looked_at_unasked_no_more_often_than_news_are_waited_for() -> None:
    quiet = RedisProvider("redis://nowhere", poll_interval=documented("POLL_INTERVAL"))
    assert quiet.longest_silence == 300
    assert RedisProvider("redis://nowhere").longest_silence == 55


async def test_who_listens_in_silence_asks_nothing(provider: RedisProvider, redis: Redis) -> None:
    await provider.wait_for_work(0.1)
    await asyncio.sleep(1.5)
    before = await commands(redis)
    await asyncio.sleep(2)
    assert await commands(redis) - before == 0


async def test_who_does_not_pay_for_each_look_looks_often(provider: RedisProvider) -> None:
    queue = TTSQueue(provider, stuck_after=STUCK_AFTER)
    keeper = LeaseKeeper(provider, timedelta(seconds=1))
    assert Upkeep(queue, keeper, STUCK_AFTER, timedelta(seconds=5)).period == 60
    assert Upkeep(queue, keeper, timedelta(seconds=4), timedelta(seconds=5)).period == 1
    assert Upkeep(queue, keeper, STUCK_AFTER, timedelta(hours=2)).period == STUCK_AFTER.total_seconds() / 2
