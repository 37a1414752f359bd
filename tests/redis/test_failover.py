"""The primary becomes a replica, and the name in REDIS_URL leads to another server. No connection breaks by itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager

import pytest
from redis.asyncio import Redis
from redis.exceptions import ReadOnlyError

from tests.conformance.samples import new_job
from tests.redis_server import Server
from ttsqueue.errors import StoreUnavailable
from ttsqueue.jobs import JobStatus
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.redis.connection import connect
from ttsqueue.providers.redis.lines import Lines
from ttsqueue.providers.redis.wire import Wire
from ttsqueue.queue import TTSQueue

from .at_work import store
from .proxy import Proxy, proxied


class Pair:
    """A primary, and its replica that takes over."""

    def __init__(self) -> None:
        at_once = ("--repl-diskless-sync-delay", "0")
        self.first, self.second = Server(*at_once), Server(*at_once)
        self.second.run("REPLICAOF", "127.0.0.1", str(self.first.port))

    async def in_step(self) -> None:
        """What the first knows, the second knows, too."""
        client = Redis.from_url(self.first.url)
        async with client:
            await client.set("step", 1)
            assert await client.wait(1, 20_000) == 1

    def change_places(self) -> None:
        self.second.run("REPLICAOF", "NO", "ONE")
        self.first.run("REPLICAOF", "127.0.0.1", str(self.second.port))

    def remove(self) -> None:
        self.first.remove()
        self.second.remove()


@pytest.fixture
def pair() -> Iterator[Pair]:
    pair = Pair()
    yield pair
    pair.remove()


@asynccontextmanager
async def at_work(pair: Pair) -> AsyncIterator[tuple[RedisProvider, Proxy]]:
    """A process that writes, reads and listens."""
    async with proxied(pair.first.url) as name, store(name.url) as provider:
        await provider.wait_for_work(0.1)
        await provider.add(new_job())
        await provider.stats()
        await pair.in_step()
        yield provider, name


async def fail_over(pair: Pair, name: Proxy, after: float = 0.5) -> None:
    pair.change_places()
    await asyncio.sleep(after)
    name.lead_to(pair.second.url)


@pytest.mark.parametrize("after", [0.0, 1.5], ids=["at once", "late"])
async def test_a_running_process_goes_on_at_the_new_primary(pair: Pair, after: float) -> None:
    async with at_work(pair) as (provider, name):
        failing_over = asyncio.create_task(fail_over(pair, name, after))
        job = await provider.add(new_job())
        await failing_over
        assert (await provider.get(job.id)).status is JobStatus.PENDING
        assert (await provider.stats()).pending == 2
        assert len(await provider.claim("w", 5)) == 2
        assert (await provider.stats()).processing == 2


async def test_who_only_reads_and_listens_goes_over_with_the_one_who_writes(pair: Pair) -> None:
    """The old primary follows nobody any more: what is read there stays as it was."""
    async with at_work(pair) as (provider, name):
        pair.second.run("REPLICAOF", "NO", "ONE")
        pair.first.run("REPLICAOF", "127.0.0.1", "1")
        name.lead_to(pair.second.url)
        job = await provider.add(new_job())
        assert await provider.get(job.id) == job
        assert (await provider.stats()).pending == 2


async def test_who_waits_for_news_hears_them_from_the_new_primary(pair: Pair) -> None:
    async with at_work(pair) as (provider, name):
        await fail_over(pair, name, after=1.5)
        await asyncio.sleep(1.5)
        await provider.wait_for_work(0.1)
        waiting = asyncio.create_task(provider.wait_for_work(20))
        await asyncio.sleep(0.1)
        pair.first.run("REPLICAOF", "127.0.0.1", "1")
        async with store(pair.second.url) as elsewhere:
            began = time.monotonic()
            job = await elsewhere.add(new_job())
            await waiting
            assert time.monotonic() - began < 1
            async with aclosing(TTSQueue(provider).watch(job.id)) as states, asyncio.timeout(10):
                assert (await anext(states)).status is JobStatus.PENDING
                await elsewhere.cancel(job.id)
                assert (await anext(states)).status is JobStatus.CANCELLED


async def test_who_waits_for_news_of_a_replica_breaks_off_when_a_write_is_refused_there(pair: Pair) -> None:
    """Redis wakes those alone whom the change of roles finds waiting."""
    async with proxied(pair.second.url) as name:
        lines = Lines()
        writing, listening = (Wire(connect(name.url), 30, lines) for _ in range(2))
        waiting = asyncio.create_task(listening.ask(("XREAD", "BLOCK", 20_000, "STREAMS", "news", "$")))
        await writing.ask(("PING",))
        await asyncio.sleep(0.3)
        name.lead_to(pair.first.url)
        (refusal,) = await writing.ask(("SET", "key", "1"))
        assert isinstance(refusal, ReadOnlyError)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(waiting), 5)
        assert waiting.done()
        for wire in (writing, listening):
            assert await wire.ask(("SET", "key", "1")) == [b"OK"]
            await wire.aclose()


async def test_a_replica_without_a_primary_is_told_in_words(pair: Pair) -> None:
    async with at_work(pair) as (provider, _):
        pair.first.run("REPLICAOF", "127.0.0.1", "1")
        with pytest.raises(StoreUnavailable, match="Redis takes no writes; point REDIS_URL at the primary"):
            await provider.add(new_job())
