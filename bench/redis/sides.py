"""The sides of the comparison on Redis; each with its own worker and its own defaults."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol
from urllib.parse import urlsplit

from bullmq import Queue as BullQueue
from bullmq import Worker as BullWorker
from saq import Queue as SaqQueue

from bench.postgres.ours import Ours
from bench.postgres.side import TEXT, OnJob
from bench.postgres.side import Side as AnySide
from bench.saq_worker import saq_worker
from ttsqueue.providers.redis import RedisProvider


class Side(AnySide, Protocol):
    async def left(self) -> int:
        """Jobs that the store still has to see done."""
        ...


class OnRedis(Ours):
    """ttsqueue, with fencing, records, history, heartbeats and events on."""

    async def left(self) -> int:
        stats = await self._queue.provider.stats()
        return stats.pending + stats.processing


class BullMQ:
    """BullMQ's Python package, its jobs with a priority, as ours have."""

    name = "bullmq"
    unfinished = ""

    def __init__(self, url: str) -> None:
        at = urlsplit(url)
        # redis-py's limit of five seconds would keep its worker from waking.
        self._connection = {"host": at.hostname, "port": at.port, "db": int(at.path[1:]), "socket_timeout": 30}
        self._queue = BullQueue("bench", {"connection": self._connection})

    async def add(self, mark: str) -> None:
        await self._queue.add("speak", {"mark": mark, "text": TEXT}, {"priority": 5, "attempts": 3})

    async def add_many(self, number: int) -> None:
        job = {"name": "speak", "data": {"mark": "", "text": TEXT}, "opts": {"priority": 5, "attempts": 3}}
        await self._queue.addBulk([dict(job) for _ in range(number)])

    async def left(self) -> int:
        counts = await self._queue.getJobCounts("prioritized", "waiting", "active", "delayed")
        return sum(counts.values())

    @asynccontextmanager
    async def worker(self, concurrency: int, on_job: OnJob) -> AsyncIterator[None]:
        async def speak(job: Any, _: str) -> None:
            on_job(job.data["mark"])

        worker = BullWorker("bench", speak, {"connection": self._connection, "concurrency": concurrency})
        try:
            yield
        finally:
            await worker.close(force=True)

    async def aclose(self) -> None:
        await self._queue.close()


class Saq:
    name = "saq"
    unfinished = ""

    def __init__(self, url: str) -> None:
        self._queue: SaqQueue = SaqQueue.from_url(url)

    async def add(self, mark: str) -> None:
        await self._queue.enqueue("speak", mark=mark, text=TEXT)

    async def add_many(self, number: int) -> None:
        """It has no call for many; sixteen at once stand in for it."""

        async def in_turn() -> None:
            for _ in range(number // 16):
                await self.add("")

        await asyncio.gather(*(in_turn() for _ in range(16)))

    async def left(self) -> int:
        return int(await self._queue.count("incomplete"))

    @asynccontextmanager
    async def worker(self, concurrency: int, on_job: OnJob) -> AsyncIterator[None]:
        async with saq_worker(self._queue, concurrency, on_job):
            yield


@asynccontextmanager
async def ours(url: str) -> AsyncIterator[OnRedis]:
    provider = RedisProvider(url)
    await provider.open()
    try:
        yield OnRedis(provider)
    finally:
        await provider.aclose()


@asynccontextmanager
async def bullmq(url: str) -> AsyncIterator[BullMQ]:
    side = BullMQ(url)
    try:
        yield side
    finally:
        await side.aclose()


@asynccontextmanager
async def saq(url: str) -> AsyncIterator[Saq]:
    side = Saq(url)
    await side._queue.connect()  # noqa: SLF001
    try:
        yield side
    finally:
        await side._queue.disconnect()  # noqa: SLF001


SIDES: dict[str, Callable[[str], AbstractAsyncContextManager[Side]]] = {"ttsqueue": ours, "bullmq": bullmq, "saq": saq}
