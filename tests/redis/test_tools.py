"""What bull-board and other tools do to books that are over, or wait: their retry, and another priority or delay."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from importlib.resources import files
from typing import Any

import pytest
from bullmq import Job as BullJob
from bullmq import Queue
from redis.asyncio import Redis

from tests.conformance.samples import HAND_BACK, claim_one, new_job
from ttsqueue.jobs import JobStatus
from ttsqueue.outcome import Complete, Fail
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.redis.keys import BULL, EVENTS
from ttsqueue.result import JobResult

from .test_adoption import listening, soon
from .test_other_workers import another_worker


async def ends_told(redis: Redis, job_id: str) -> list[str]:
    """Which ends BullMQ's stream tells of."""
    entries: list[Any] = await redis.xrange(EVENTS) or []
    told = [fields for _, fields in entries if fields.get("jobId") == job_id]
    return [fields["event"] for fields in told if fields["event"] in ("completed", "failed")]


@pytest.mark.parametrize("chapters", [0, 3, 101], ids=["none", "few", "many"])
async def test_a_completed_book_that_a_tool_retries_is_completed_again_without_a_word(
    provider: RedisProvider, bullmq: Queue, redis: Redis, chapters: int
) -> None:
    job = await provider.add(new_job())
    files = tuple(f"{number}.m4a" for number in range(chapters))
    result = JobResult(audio_file_ids=files, total_duration=12.25, audiobook_file_id="book.m4b")
    await provider.settle((await claim_one(provider)).lease, Complete(result))
    before = await BullJob.fromId(bullmq, job.id)
    await (await BullJob.fromId(bullmq, job.id)).retry("completed")
    assert await provider.claim("w") == []
    after = await BullJob.fromId(bullmq, job.id)
    assert await bullmq.getJobState(job.id) == "completed"
    assert after.returnvalue == before.returnvalue
    assert (after.finishedOn, after.processedOn) == (before.finishedOn, before.processedOn)
    assert await ends_told(redis, job.id) == ["completed"]
    assert (await provider.get(job.id)).status is JobStatus.COMPLETED


@pytest.mark.parametrize("heard", [True, False], ids=["heard", "unheard"])
async def test_a_cancelled_book_that_a_tool_retries_stays_cancelled(
    provider: RedisProvider, bullmq: Queue, redis: Redis, heard: bool
) -> None:
    if heard:
        await listening(provider)
    job = await provider.add(new_job())
    await provider.cancel(job.id)
    await bullmq.retryJobs({"state": "failed"})
    if heard:
        await soon(lambda: _state_is(bullmq, job.id, "failed"))
    assert await provider.claim("w") == []
    assert await bullmq.getJobState(job.id) == "failed"
    assert (await BullJob.fromId(bullmq, job.id)).failedReason == "Cancelled; retry it in ttsqueue."
    assert (await provider.get(job.id)).status is JobStatus.CANCELLED
    assert await ends_told(redis, job.id) == ["failed"]
    await provider.retry(job.id)
    assert (await claim_one(provider)).job.id == job.id


async def test_a_failed_book_that_is_the_same_as_an_active_one_is_not_retried(
    provider: RedisProvider, bullmq: Queue
) -> None:
    new = new_job()
    job = await provider.add(new)
    await provider.settle((await claim_one(provider)).lease, Fail("no voice"))
    twin = await provider.add(new)
    await (await BullJob.fromId(bullmq, job.id)).retry()
    assert (await claim_one(provider)).job.id == twin.id
    assert await bullmq.getJobState(job.id) == "failed"
    assert (await BullJob.fromId(bullmq, job.id)).failedReason == f"The same book is active, as job {twin.id}."


async def test_a_cancelled_book_that_another_worker_took_is_taken_away_from_it(
    provider: RedisProvider, bullmq: Queue, url: str
) -> None:
    await listening(provider)
    job = await provider.add(new_job())
    await provider.cancel(job.id)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def process(_: object) -> object:
        begun.set()
        await asyncio.wait_for(go_on.wait(), 5)
        return {"audioFileIds": ["a.m4a"]}

    async with another_worker(url, process):
        await (await BullJob.fromId(bullmq, job.id)).retry()
        await soon(lambda: _state_is(bullmq, job.id, "failed"))
        go_on.set()
        await asyncio.sleep(0.3)
    assert await bullmq.getJobState(job.id) == "failed"
    assert (await provider.get(job.id)).status is JobStatus.CANCELLED


async def test_another_priority_of_a_waiting_book_is_ours_too(provider: RedisProvider, bullmq: Queue) -> None:
    usual, late = await provider.add(new_job(priority=5)), await provider.add(new_job(priority=8))
    await (await BullJob.fromId(bullmq, late.id)).changePriority({"priority": 2})
    await provider.prune()
    assert (await provider.get(late.id)).priority == 2
    claim = await claim_one(provider)
    assert (claim.job.id, claim.job.priority) == (late.id, 2)
    await provider.settle(claim.lease, HAND_BACK)
    assert [claim.job.id for claim in await provider.claim("w", 2)] == [late.id, usual.id]


async def test_another_priority_is_heeded_where_the_book_is_claimed(provider: RedisProvider, bullmq: Queue) -> None:
    usual, late = await provider.add(new_job(priority=5)), await provider.add(new_job(priority=8))
    await (await BullJob.fromId(bullmq, late.id)).changePriority({"priority": 2})
    claim = await claim_one(provider)
    assert (claim.job.id, claim.job.priority) == (late.id, 2)
    await (await BullJob.fromId(bullmq, late.id)).changePriority({"priority": 9})
    await provider.settle(claim.lease, HAND_BACK)
    assert [claim.job.id for claim in await provider.claim("w", 2)] == [usual.id, late.id]


async def test_another_priority_of_a_delayed_book_is_heeded_when_it_is_due(
    provider: RedisProvider, bullmq: Queue
) -> None:
    usual = await provider.add(new_job(priority=5))
    late = await provider.add(new_job(priority=8, delay=timedelta(milliseconds=100)))
    await (await BullJob.fromId(bullmq, late.id)).changePriority({"priority": 2})
    await asyncio.sleep(0.15)
    assert [claim.job.id for claim in await provider.claim("w", 2)] == [late.id, usual.id]


async def test_no_priority_at_all_leaves_a_book_the_one_that_it_had(
    provider: RedisProvider, bullmq: Queue, redis: Redis
) -> None:
    first, other = await provider.add(new_job(priority=1)), await provider.add(new_job(priority=3))
    await (await BullJob.fromId(bullmq, other.id)).changePriority({"priority": 0})
    assert [claim.job.id for claim in await provider.claim("w", 2)] == [first.id, other.id]
    assert await redis.hget(f"{BULL}{other.id}", "priority") == "3"


async def test_another_delay_of_a_book_is_ours_too(provider: RedisProvider, redis: Redis) -> None:
    """BullMQ's client for Python has no call for it: its script does what Node's does."""
    await listening(provider)
    job = await provider.add(new_job(delay=timedelta(minutes=1)))
    script = (files("bullmq") / "commands" / "changeDelay-4.lua").read_text("utf-8")
    keys = (f"{BULL}{name}" for name in ("delayed", "meta", "marker", "events"))
    now = int(job.created_at.timestamp() * 1000)
    assert await redis.eval(script, 4, *keys, "600000", str(now), job.id, f"{BULL}{job.id}") == 0

    async def is_later() -> bool:
        return 590 < ((await provider.get(job.id)).run_at - job.created_at).total_seconds() < 610

    await soon(is_later)


async def test_what_another_worker_tries_again_later_is_told_with_its_reason_and_time(
    provider: RedisProvider, bullmq: Queue, redis: Redis, url: str
) -> None:
    await listening(provider)
    job = await provider.add(new_job())
    await redis.hset(f"{BULL}{job.id}", "opts", '{"attempts": 3, "backoff": {"type": "fixed", "delay": 60000}}')

    async def process(_: object) -> object:
        await asyncio.sleep(0.1)
        raise RuntimeError("no voice today")

    async with another_worker(url, process):
        await soon(lambda: _state_is(bullmq, job.id, "delayed"))

        async def is_told() -> bool:
            return (await provider.get(job.id)).last_error is not None

        await soon(is_told)
    told = await provider.get(job.id)
    assert (told.status, told.last_error) == (JobStatus.PENDING, "no voice today")
    assert 50 < (told.run_at - told.created_at).total_seconds() < 70
    assert await provider.position(job.id) == 0
    assert [each.error for each in await provider.attempts(job.id)] == ["no voice today"]


async def _state_is(bullmq: Queue, job_id: str, state: str) -> bool:
    return bool(await bullmq.getJobState(job_id) == state)
