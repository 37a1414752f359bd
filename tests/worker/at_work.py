"""A store with a worker at work on it, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from ttsqueue.engines.catalogue import VoiceCatalogue
from ttsqueue.engines.engine import Engine
from ttsqueue.jobs import Job, JobStatus, NewJob
from ttsqueue.providers.sqlite import SqliteProvider
from ttsqueue.queue import Handler, TTSQueue
from ttsqueue.retry import Backoff
from ttsqueue.storage import Storage
from ttsqueue.worker import Narrator, WorkerOptions, run_worker

SOON = Backoff(first=timedelta(milliseconds=100), cap=timedelta(seconds=0.5), jitter=0)


def options(**changes: Any) -> WorkerOptions:
    usual: dict[str, Any] = {
        "name": "worker-1",
        "slots": 1,
        "poll_interval": timedelta(seconds=5),
        "heartbeat_interval": timedelta(seconds=10),
        "stuck_after": timedelta(minutes=30),
    }
    return WorkerOptions(**usual | changes)


@asynccontextmanager
async def opened(store: Path, **changes: Any) -> AsyncIterator[TTSQueue]:
    """The queue on this file, with its own handle."""
    provider = SqliteProvider(store)
    await provider.open()
    try:
        yield TTSQueue(provider, backoff=SOON, run_worker=_work, **changes)
    finally:
        await provider.aclose()


async def _work(queue: TTSQueue, handler: Handler) -> None:
    await run_worker(queue, handler, options())


@dataclass
class AtWork:
    """A running worker."""

    name: str
    task: asyncio.Task[None]

    async def stop(self) -> None:
        """What SIGTERM does."""
        self.task.cancel()
        await asyncio.wait({self.task})
        assert self.task.cancelled()


@asynccontextmanager
async def at_work(queue: TTSQueue, handler: Handler, **changes: Any) -> AsyncIterator[AtWork]:
    """A worker that runs this handler until the block ends."""
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(run_worker(queue, handler, options(**changes), ready.set_result))
    worker = AtWork(await ready, task)
    try:
        yield worker
    finally:
        if not task.done():
            await worker.stop()


@dataclass
class Studio:
    """A store and a place for sound, with engines."""

    queue: TTSQueue
    storage: Storage
    engines: list[Engine]

    @asynccontextmanager
    async def narrating(self, chapters: int = 2, fallback: str | None = None, **changes: Any) -> AsyncIterator[AtWork]:
        """A worker that speaks books with our own narrator."""
        voices = VoiceCatalogue(self.engines)
        async with (
            Narrator(self.queue.provider, self.storage, voices, chapters, fallback) as narrator,
            at_work(self.queue, narrator.narrate, **changes) as worker,
        ):
            yield worker

    async def speak(self, job: NewJob, **changes: Any) -> Job:
        """Speak one book to its end, whatever that is."""
        job_id = await self.queue.add_job(job)
        async with self.narrating(**changes):
            return await final(self.queue, job_id)

    async def files(self, job: Job) -> set[str]:
        """What lies in the job's folder."""
        return {file.id for file in await self.storage.files_of(job.id)}

    def path(self, file_id: str) -> Path:
        """In a local folder."""
        return Path(self.storage.whereabouts(file_id))

    def drafts(self) -> list[str]:
        return [draft.name for draft in self.storage.drafts.iterdir()]


async def eventually(is_so: Callable[[], Awaitable[bool]], within: float = 20.0) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(within):
        while True:
            if await is_so():
                return
            await asyncio.sleep(0.01)


async def final(queue: TTSQueue, job_id: str, within: float = 30.0) -> Job:
    """The job in its final state."""
    return await reached(queue, job_id, lambda job: job.status.is_final, within)


async def reached(queue: TTSQueue, job_id: str, is_so: Callable[[Job], bool], within: float = 30.0) -> Job:
    """The job as soon as it is so."""
    job = await queue.get_job(job_id)
    try:
        async with asyncio.timeout(within):
            while not is_so(job):
                await asyncio.sleep(0.01)
                job = await queue.get_job(job_id)
    except TimeoutError:
        raise AssertionError(f"this did not come about in {within} s: {job}") from None
    return job


async def processing(queue: TTSQueue, job_id: str) -> Job:
    return await reached(queue, job_id, lambda job: job.status is JobStatus.PROCESSING)


async def finished_chapters(queue: TTSQueue, job_id: str) -> dict[int, str]:
    """Audio file id by chapter index."""
    records = await queue.get_chapters(job_id)
    return {record.index: record.finished.audio_file_id for record in records if record.finished}


async def chapters_are_finished(queue: TTSQueue, job_id: str, number: int) -> None:
    """Wait until at least so many chapters are there."""

    async def enough() -> bool:
        return len(await finished_chapters(queue, job_id)) >= number

    await eventually(enough)


async def outcomes(queue: TTSQueue, job_id: str) -> list[str | None]:
    return [attempt.outcome for attempt in await queue.get_attempts(job_id)]
