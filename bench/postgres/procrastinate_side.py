"""procrastinate, by its quick start: psycopg, one pool, LISTEN on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from procrastinate import App, PsycopgConnector

from bench.postgres.side import TEXT, OnJob


class Procrastinate:
    name = "procrastinate"
    unfinished = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"

    def __init__(self, app: App) -> None:
        self._app = app
        self._on_job: OnJob = lambda _: None

        @app.task(name="speak")
        async def speak(mark: str, text: str) -> None:  # noqa: ARG001
            self._on_job(mark)

        self._speak = speak

    async def add(self, mark: str) -> None:
        await self._speak.defer_async(mark=mark, text=TEXT)

    async def add_text(self, text: str) -> None:
        await self._speak.defer_async(mark="", text=text)

    async def add_many(self, number: int) -> None:
        jobs: list[Any] = [{"mark": "", "text": TEXT} for _ in range(number)]
        await self._speak.batch_defer_async(*jobs)

    @asynccontextmanager
    async def worker(self, concurrency: int, on_job: OnJob) -> AsyncIterator[None]:
        self._on_job = on_job
        run = self._app.run_worker_async(concurrency=concurrency, install_signal_handlers=False)
        task = asyncio.create_task(run)
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


@asynccontextmanager
async def opened(url: str, *, is_new: bool = True) -> AsyncIterator[Procrastinate]:
    app = App(connector=PsycopgConnector(conninfo=url, min_size=4, max_size=20))
    async with app.open_async():
        if is_new:
            await app.schema_manager.apply_schema_async()
        yield Procrastinate(app)
