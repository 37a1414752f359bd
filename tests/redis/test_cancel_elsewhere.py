"""A book that a worker of another program speaks is cancelled: that worker is not told, and changes nothing more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from bullmq import Job as BullJob
from bullmq import Queue

from tests.conformance.samples import claim_one, complete, new_job
from ttsqueue.errors import JobNotFound
from ttsqueue.jobs import JobStatus
from ttsqueue.providers.redis import RedisProvider

from .test_adoption import listening, soon, with_status
from .test_other_workers import RESULT, another_worker, in_state


@dataclass
class Late:
    """A worker that does not look whether its first book is still wanted."""

    first: str
    fails: bool = False
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def speak(self, job: BullJob) -> object:
        if job.id != self.first:
            return RESULT
        await self.go_on.wait()
        try:
            await job.updateProgress(80)
        finally:
            self.done.set()
        if self.fails:
            raise RuntimeError("the line is busy")
        return RESULT

    async def end(self) -> None:
        self.go_on.set()
        await self.done.wait()


@asynccontextmanager
async def spoken_elsewhere(provider: RedisProvider, url: str, fails: bool = False) -> AsyncIterator[Late]:
    await listening(provider)
    late = Late((await provider.add(new_job(1))).id, fails)
    async with another_worker(url, late.speak):
        await soon(lambda: with_status(provider, JobStatus.PROCESSING))
        yield late
        if not late.go_on.is_set():
            await late.end()


async def it_is_at_its_next(provider: RedisProvider) -> None:
    """Then all that it did about its first book is done, and seen by us."""
    await provider.add(new_job(1))
    await soon(lambda: with_status(provider, JobStatus.COMPLETED))
    await provider.prune()


@pytest.mark.parametrize("fails", [False, True], ids=["it ends well", "it fails"])
async def test_a_cancelled_book_stays_cancelled_whatever_becomes_of_it_elsewhere(
    provider: RedisProvider, bullmq: Queue, url: str, fails: bool
) -> None:
    async with spoken_elsewhere(provider, url, fails) as late:
        cancelled = await provider.cancel(late.first)
        assert await in_state(bullmq, late.first, "failed")
        await late.end()
        await it_is_at_its_next(provider)
    assert await provider.get(late.first) == cancelled
    assert (cancelled.status, cancelled.result) == (JobStatus.CANCELLED, None)
    assert [attempt.outcome for attempt in await provider.attempts(late.first)] == ["cancelled"]
    assert await in_state(bullmq, late.first, "failed")
    record = await BullJob.fromId(bullmq, late.first)
    assert record is not None
    assert (record.failedReason, record.returnvalue) == ("Cancelled.", None)


async def test_what_is_told_late_of_a_book_that_is_tried_again_does_not_reach_who_has_it_now(
    provider: RedisProvider, url: str
) -> None:
    async with spoken_elsewhere(provider, url) as late:
        await provider.cancel(late.first)
        await provider.retry(late.first)
        claim = await claim_one(provider)
        await late.end()
        await it_is_at_its_next(provider)
        assert await provider.heartbeat([claim.lease]) == frozenset()
        job = await provider.get(late.first)
        assert (job.status, job.progress_percent, job.claims) == (JobStatus.PROCESSING, 0, 2)
        done = await provider.settle(claim.lease, complete(1))
    assert done.result is not None
    assert done.result.audio_file_ids == ("audio-1",)


async def test_a_book_that_was_deleted_while_it_was_spoken_elsewhere_does_not_come_back(
    provider: RedisProvider, bullmq: Queue, url: str
) -> None:
    async with spoken_elsewhere(provider, url) as late:
        await provider.cancel(late.first)
        await provider.delete(late.first)
        await late.end()
        await it_is_at_its_next(provider)
    with pytest.raises(JobNotFound):
        await provider.get(late.first)
    assert await BullJob.fromId(bullmq, late.first) is None
