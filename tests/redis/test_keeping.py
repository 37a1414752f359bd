"""What BullMQ keeps of a book that is over, as its producer wished."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from bullmq import Job as BullJob
from bullmq import Queue
from redis.asyncio import Redis

from tests.conformance.samples import FAIL, claim_one, complete
from ttsqueue.jobs import JobStatus
from ttsqueue.outcome import Outcome
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.redis.keys import BULL

from .test_adoption import NAME, data

ENDS = pytest.mark.parametrize(
    ("option", "outcome", "status"),
    [
        ("removeOnComplete", complete(1), JobStatus.COMPLETED),
        ("removeOnFail", FAIL, JobStatus.FAILED),
    ],
    ids=["completed", "failed"],
)


async def spoken_book(provider: RedisProvider, bullmq: Queue, outcome: Outcome, options: dict[str, Any]) -> str:
    await bullmq.add(NAME, data(), {"jobId": (job_id := str(uuid4())), "priority": 2} | options)
    await provider.settle((await claim_one(provider)).lease, outcome)
    return job_id


@ENDS
@pytest.mark.parametrize(
    ("wish", "kept"),
    [
        (True, 0),
        (0, 0),
        ({"count": 0}, 0),
        (1, 1),
        ({"age": 3600, "count": 2}, 2),
        ({"age": 3600}, 3),
        (False, 3),
        (None, 3),
        ("all", 3),
        ({"age": "an hour", "count": {}, "limit": 1.5}, 3),
        ({"age": 1e300, "count": 1e300}, 3),
        (1.5, 1),
    ],
    ids=str,
)
async def test_bullmq_keeps_what_the_producer_wishes(
    provider: RedisProvider, bullmq: Queue, option: str, outcome: Outcome, status: JobStatus, wish: object, kept: int
) -> None:
    jobs = [await spoken_book(provider, bullmq, outcome, {option: wish}) for _ in range(3)]
    records = [await BullJob.fromId(bullmq, job_id) for job_id in jobs]
    assert len([record for record in records if record]) == kept
    assert len(await bullmq.getJobs([status.value])) == kept
    assert {(await provider.get(job_id)).status for job_id in jobs} == {status}


async def test_what_is_older_than_the_producer_wishes_goes(
    provider: RedisProvider, bullmq: Queue, redis: Redis
) -> None:
    first = await spoken_book(provider, bullmq, complete(1), {})
    await redis.zincrby(f"{BULL}completed", -7_200_000, first)
    second = await spoken_book(provider, bullmq, complete(1), {"removeOnComplete": {"age": 3600}})
    assert await BullJob.fromId(bullmq, first) is None
    assert await BullJob.fromId(bullmq, second) is not None


async def test_a_cancelled_book_goes_like_one_that_failed(provider: RedisProvider, bullmq: Queue) -> None:
    await bullmq.add(NAME, data(), {"jobId": (job_id := str(uuid4())), "priority": 2, "removeOnFail": True})
    await claim_one(provider)
    await provider.cancel(job_id)
    assert await BullJob.fromId(bullmq, job_id) is None


async def test_a_failed_book_that_bullmq_no_longer_knows_is_still_ours(provider: RedisProvider, bullmq: Queue) -> None:
    job_id = await spoken_book(provider, bullmq, FAIL, {"removeOnFail": True})
    await provider.prune()
    assert (await provider.get(job_id)).error_message == FAIL.error
    assert (await provider.retry(job_id)).status is JobStatus.PENDING
    await provider.settle((await claim_one(provider)).lease, complete(1))
    await provider.delete(job_id)
