"""saq on PostgreSQL, with the pool that it makes by default."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from saq.queue.postgres import PostgresQueue

from bench.postgres.side import TEXT, OnJob
from bench.saq_worker import saq_worker


class Saq:
    name = "saq"
    unfinished = "SELECT count(*) FROM saq_jobs WHERE status IN ('new', 'queued', 'active')"

    def __init__(self, queue: PostgresQueue) -> None:
        self._queue = queue

    async def add(self, mark: str) -> None:
        await self._queue.enqueue("speak", mark=mark, text=TEXT)

    async def add_text(self, text: str) -> None:
        await self._queue.enqueue("speak", mark="", text=text)

    async def add_many(self, number: int) -> None:
        """It has no call for many; sixteen at once stand in for it."""
        await asyncio.gather(*(self._add_in_turn(number // 16) for _ in range(16)))

    async def _add_in_turn(self, number: int) -> None:
        for _ in range(number):
            await self.add("")

    @asynccontextmanager
    async def worker(self, concurrency: int, on_job: OnJob) -> AsyncIterator[None]:
        async with saq_worker(self._queue, concurrency, on_job):
            yield


@asynccontextmanager
async def opened(url: str, *, is_new: bool = True) -> AsyncIterator[Saq]:  # noqa: ARG001 - it sees by itself
    queue = PostgresQueue.from_url(url)
    await queue.connect()
    try:
        yield Saq(queue)
    finally:
        await queue.disconnect()
