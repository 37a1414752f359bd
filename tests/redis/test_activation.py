"""Which job BullMQ makes active is the one that we write down, whatever fell due in the meantime."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

from bullmq import Queue
from redis.asyncio import Redis

from tests.conformance.samples import HAND_BACK, claim_one, complete, new_job
from ttsqueue.jobs import Claim
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.redis.keys import BULL

from .test_adoption import NAME, data

SHORTLY = timedelta(milliseconds=200)


async def assert_active(redis: Redis, claims: list[Claim]) -> None:
    """These jobs and no others."""
    active = await redis.lrange(f"{BULL}active", 0, -1)
    assert sorted(active) == sorted(claim.job.id for claim in claims)
    for claim in claims:
        assert await redis.get(f"{BULL}{claim.job.id}:lock") == f"{claim.job.worker_id}:{claim.lease.token}"


async def test_a_delayed_job_of_others_that_falls_due_unseen_is_not_taken_for_one_of_ours(
    provider: RedisProvider, bullmq: Queue, redis: Redis
) -> None:
    await bullmq.add(NAME, data(), {"jobId": (stranger := str(uuid4())), "delay": 100})
    await asyncio.sleep(0.2)
    ours = await provider.add(new_job(1))
    first = await claim_one(provider)
    await assert_active(redis, [first])
    second = await claim_one(provider)
    await assert_active(redis, [first, second])
    assert {first.job.id, second.job.id} == {ours.id, stranger}


async def test_more_jobs_fall_due_together_than_are_moved_at_once(provider: RedisProvider, redis: Redis) -> None:
    first, *_ = [await provider.add(new_job(1, delay=SHORTLY)) for _ in range(1_000)]
    urgent = await provider.add(new_job(1, delay=SHORTLY, priority=1))
    await asyncio.sleep(2 * SHORTLY.total_seconds())
    claims = await provider.claim("w") + await provider.claim("w")
    await assert_active(redis, claims)
    assert {claim.job.id for claim in claims} == {first.id, urgent.id}


async def test_a_job_that_comes_back_does_not_lead_those_that_fell_due_past_those_that_wait(
    provider: RedisProvider,
) -> None:
    await provider.add(new_job(1))
    claim = await claim_one(provider)
    waiting = await provider.add(new_job(1))
    due = await provider.add(new_job(1, delay=SHORTLY))
    await asyncio.sleep(2 * SHORTLY.total_seconds())
    await provider.settle(claim.lease, HAND_BACK)
    claims = await provider.claim("w", 5)
    assert [again.job.id for again in claims] == [claim.job.id, waiting.id, due.id]
    for again in claims:
        await provider.settle(again.lease, complete(1))
