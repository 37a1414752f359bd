"""PgQueuer over asyncpg, its fastest driver, with a pool."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from pgqueuer import PgQueuer, Queries
from pgqueuer.db import AsyncpgPoolDriver
from pgqueuer.models import Job

from bench.postgres.side import TEXT, OnJob


class PgQueuerSide:
    name = "pgqueuer"
    unfinished = "SELECT count(*) FROM pgqueuer"

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._queries = Queries(AsyncpgPoolDriver(pool))

    async def install(self) -> None:
        await self._queries.install()

    async def add(self, mark: str) -> None:
        await self._queries.enqueue("speak", _payload(mark))

    async def add_text(self, text: str) -> None:
        await self._queries.enqueue("speak", f"|{text}".encode())

    async def add_many(self, number: int) -> None:
        await self._queries.enqueue(["speak"] * number, [_payload("")] * number, [0] * number)

    @asynccontextmanager
    async def worker(self, concurrency: int, on_job: OnJob) -> AsyncIterator[None]:
        """It wants at least two tasks for each batch; a single one is made so by the limit of the entrypoint."""
        queue = PgQueuer.from_asyncpg_pool(self._pool)

        @queue.entrypoint("speak", concurrency_limit=concurrency)
        async def speak(job: Job) -> None:
            on_job((job.payload or b"").decode().partition("|")[0])

        batch = max(1, concurrency // 2)
        task = asyncio.create_task(queue.run(batch_size=batch, max_concurrent_tasks=max(2, concurrency)))
        try:
            yield
        finally:
            queue.shutdown.set()
            await asyncio.wait_for(task, 60)


def _payload(mark: str) -> bytes:
    return f"{mark}|{TEXT}".encode()


@asynccontextmanager
async def opened(url: str, *, is_new: bool = True) -> AsyncIterator[PgQueuerSide]:
    async with asyncpg.create_pool(url, min_size=4, max_size=20) as pool:
        side = PgQueuerSide(pool)
        if is_new:
            await side.install()
        yield side
