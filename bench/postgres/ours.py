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

    def __init__(self, provider: PostgresProvider) -> None:
        self._queue = TTSQueue(provider)

    async def add(self, mark: str) -> None:
        chapters = (Chapter("ch1", TEXT, title=mark),)
        await self._queue.provider.add(NewJob(str(uuid4()), USER, chapters, priority=5, max_attempts=3))

    async def add_many(self, number: int) -> None:
        """There is no call for many: those who add at once share a transaction."""
        await asyncio.gather(*(self.add("") for _ in range(number)))

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


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Ours]:
    provider = PostgresProvider(url)
    await provider.open()
    try:
        yield Ours(provider)
    finally:
        await provider.aclose()
