"""Both streams keep their newest ten thousand entries. Whoever was away for longer looks at everything again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest
from redis import Redis

from tests.conformance.samples import claim_one, complete, new_job
from tests.redis_server import Server
from ttsqueue.jobs import JobStatus
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.redis.keys import CHANGES
from ttsqueue.queue import TTSQueue

from .proxy import proxied

Changes = AsyncGenerator[frozenset[str], None]

MANY = 12_000


def changes_of_others(url: str, number: int = MANY) -> None:
    """As scripts write them. Meanwhile this process does nothing else."""
    with Redis.from_url(url) as client, client.pipeline(transaction=False) as pipeline:
        for _ in range(number):
            pipeline.xadd(CHANGES, {"ids": "another", "wakes": "0"}, maxlen=10_000, approximate=True)
        pipeline.execute()


@asynccontextmanager
async def watching(provider: RedisProvider) -> AsyncIterator[Changes]:
    """Who has heard what was written before."""
    async with aclosing(provider.changes()) as changes:
        assert await anext(changes) == frozenset()
        job = await provider.add(new_job())
        assert await anext(changes) == {job.id}
        yield changes


async def look_again(changes: Changes, within: float = 5.0) -> None:
    async with asyncio.timeout(within):
        while await anext(changes):
            pass


async def test_who_was_cut_off_while_much_happened_looks_again(url: str, provider: RedisProvider, redis: Redis) -> None:
    async with proxied(url) as line:
        far = RedisProvider(line.url)
        await far.open()
        async with watching(far) as changes:
            async with line.cut_off():
                changes_of_others(url)
            await look_again(changes)
        await far.aclose()


async def test_who_was_cut_off_for_a_moment_hears_what_happened(
    url: str, provider: RedisProvider, redis: Redis
) -> None:
    async with proxied(url) as line:
        far = RedisProvider(line.url)
        await far.open()
        async with watching(far) as changes:
            async with line.cut_off():
                job = await provider.add(new_job())
            async with asyncio.timeout(5):
                assert await anext(changes) == {job.id}
        await far.aclose()


@pytest.mark.parametrize("moment", [0, 0.004, 0.008, 0.012, 0.5])
async def test_who_was_busy_while_much_happened_looks_again(url: str, provider: RedisProvider, moment: float) -> None:
    async with watching(provider) as changes:
        await asyncio.sleep(moment)
        changes_of_others(url)
        await look_again(changes)


async def test_the_end_of_a_job_is_told_though_nobody_could_hear_of_it(
    url: str, provider: RedisProvider, redis: Redis
) -> None:
    job = await provider.add(new_job())
    async with proxied(url) as line:
        far = RedisProvider(line.url)
        await far.open()
        async with aclosing(TTSQueue(far).watch(job.id)) as states, asyncio.timeout(10):
            assert (await anext(states)).status is JobStatus.PENDING
            async with line.cut_off():
                await provider.settle((await claim_one(provider)).lease, complete())
                changes_of_others(url)
            assert (await anext(states)).status is JobStatus.COMPLETED
        await far.aclose()


async def test_a_server_that_forgot_everything_is_looked_at_again() -> None:
    server = Server("--appendonly", "no")
    provider = RedisProvider(server.url)
    await provider.open()
    try:
        async with watching(provider) as changes:
            server.kill()
            await asyncio.to_thread(server.start)
            await look_again(changes)
    finally:
        await provider.aclose()
        server.remove()
