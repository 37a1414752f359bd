"""ttsqueue: fencing, attempts, history, heartbeats and events are on, as in any worker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from uuid import uuid4

from bench.postgres.side import TEXT, OnJob
from ttsqueue.book import Chapter
from ttsqueue.jobs import ClaimedJob, NewJob
from ttsqueue.provider import QueueProvider
from ttsqueue.providers.postgres import PostgresProvider
from ttsqueue.queue import TTSQueue
from ttsqueue.result import JobResult
from ttsqueue.worker import WorkerOptions, run_worker

USER = str(uuid4())
_OPTIONS = {
    "poll_interval": timedelta(seconds=5),
    "heartbeat_interval": timedelta(seconds=10),
    "stuck_after": timedelta(minutes=30),
}


class Ours:
    """One provider for the application and the worker, in one process like the others."""

    name = "ttsqueue"
    unfinished = "SELECT count(*) FROM tts_jobs WHERE status IN ('pending', 'processing')"

    def __init__(self, provider: QueueProvider) -> None:
        self._queue = TTSQueue(provider)

    async def add(self, mark: str) -> None:
        await self._queue.add_job(_book(mark))

    async def add_text(self, text: str) -> None:
        await self._queue.add_job(_book("", text))

    async def add_many(self, number: int) -> None:
        outcomes = await self._queue.add_jobs([_book("") for _ in range(number)])
        assert all(isinstance(outcome, str) for outcome in outcomes)

    @asynccontextmanager
    async def worker(self, concurrency: int, on_job: OnJob) -> AsyncIterator[None]:
        async def speak(job: ClaimedJob) -> JobResult:
            on_job(job.chapters[0].title)
            return JobResult((), 0.0)

        options = WorkerOptions(name=None, slots=concurrency, **_OPTIONS)
        tasks = [
            asyncio.create_task(run_worker(self._queue, speak, options)),
            asyncio.create_task(self._watch()),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def _watch(self) -> None:
        """As a server does for its clients."""
        async for _ in self._queue.provider.changes():
            pass


def _book(mark: str, text: str = TEXT) -> NewJob:
    return NewJob(str(uuid4()), USER, (Chapter("ch1", text, title=mark),), priority=5, max_attempts=3)


@asynccontextmanager
async def opened(url: str, *, is_new: bool = True) -> AsyncIterator[Ours]:  # noqa: ARG001 - it sees by itself
    provider = PostgresProvider(url)
    await provider.open()
    try:
        yield Ours(provider)
    finally:
        await provider.aclose()
