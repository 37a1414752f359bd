"""Jobs for the tests of live events, and the worker that moves them on."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from ttsqueue.api.caller import Caller
from ttsqueue.book import Chapter
from ttsqueue.jobs import ClaimedJob, NewJob
from ttsqueue.providers.sqlite import SqliteProvider
from ttsqueue.queue import TTSQueue
from ttsqueue.result import JobResult

OWNER = "00000000-0000-4000-8000-00000000000a"
STRANGER = "00000000-0000-4000-8000-00000000000b"
CALLERS = {
    "owner": Caller(OWNER),
    "stranger": Caller(STRANGER),
    "admin": Caller("00000000-0000-4000-8000-00000000000c", is_admin=True),
}


@asynccontextmanager
async def queue_in(folder: Path) -> AsyncGenerator[TTSQueue, None]:
    """One more connection to the folder's store, as another process has it."""
    provider = SqliteProvider(folder / "queue.db")
    await provider.open()
    yield TTSQueue(provider)
    await provider.aclose()


def expiring(seconds: float) -> dict[str, Caller]:
    return {"owner": Caller(OWNER, expires_at=datetime.now(UTC) + timedelta(seconds=seconds))}


def since_expiry(caller: Caller) -> timedelta:
    """Below zero before it."""
    assert caller.expires_at is not None
    return datetime.now(UTC) - caller.expires_at


async def add_job(queue: TTSQueue, user_id: str = OWNER, title: str = "One") -> str:
    chapters = (Chapter("ch1", "A few words.", title), Chapter("ch2", "And more."))
    return await queue.add_job(NewJob(str(uuid4()), user_id, chapters))


async def claim(queue: TTSQueue) -> ClaimedJob:
    job = await queue.claim_next_job("worker")
    assert job is not None
    return job


async def complete(queue: TTSQueue, job: ClaimedJob) -> None:
    await queue.complete_job(job, JobResult((), 0.0))
