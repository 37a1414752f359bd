"""How exactly delays and limits are kept, by a worker of ours."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from statistics import median

from redis import Redis

from bench.redis.backlog import book
from bench.redis.database import database
from bench.table import print_table
from tests.redis.at_work import machine
from tests.redis_server import Server
from tests.worker.samples import DONE
from ttsqueue.jobs import ClaimedJob
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.redis.keys import BULL
from ttsqueue.result import JobResult

DELAYS = [0.3 + 0.37 * number for number in range(20)]


async def print_punctuality(server: Server) -> None:
    late = await _lateness(server)
    seconds = await _limited(server)
    rows = [
        ["20 delays from 0.3 to 7.3 s: late by, ms", f"{median(late):.0f} at the median, {max(late):.0f} at most"],
        ["40 jobs at 10 a second, s", f"{seconds:.2f}"],
    ]
    print_table("Punctuality", ["", ""], rows)


async def _lateness(server: Server) -> list[float]:
    late: list[float] = []

    async def handler(job: ClaimedJob) -> JobResult:
        late.append((datetime.now(UTC) - job.job.run_at) / timedelta(milliseconds=1))
        return DONE

    with database(server) as url:
        provider = RedisProvider(url)
        await provider.open()
        async with machine(url, handler, poll_interval=timedelta(minutes=5)):
            for delay in DELAYS:
                new = book(100)
                await provider.add(type(new)(new.work_id, new.user_id, new.chapters, delay=timedelta(seconds=delay)))
            while len(late) < len(DELAYS):
                await asyncio.sleep(0.05)
        await provider.aclose()
    return late


async def _limited(server: Server) -> float:
    started: list[float] = []

    async def handler(_: ClaimedJob) -> JobResult:
        started.append(time.perf_counter())
        return DONE

    with database(server) as url:
        with Redis.from_url(url) as client:
            client.hset(f"{BULL}meta", mapping={"max": 10, "duration": 1000})
        provider = RedisProvider(url)
        await provider.open()
        await asyncio.gather(*(provider.add(book(100)) for _ in range(40)))
        async with machine(url, handler, slots=8):
            while len(started) < 40:
                await asyncio.sleep(0.05)
        await provider.aclose()
    return started[-1] - started[0]
