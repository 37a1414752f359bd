"""saq's own worker, the same on PostgreSQL and on Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from saq import Worker


@asynccontextmanager
async def saq_worker(queue: Any, concurrency: int, on_job: Callable[[str], None]) -> AsyncIterator[None]:
    """At work until the block ends; `on_job` is called with the mark of each job."""

    async def speak(_: Any, *, mark: str, text: str) -> None:  # noqa: ARG001
        on_job(mark)

    worker: Worker[Any] = Worker(queue, functions=[("speak", speak)], concurrency=concurrency)
    task = asyncio.create_task(worker.start())
    try:
        yield
    finally:
        await worker.stop()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
