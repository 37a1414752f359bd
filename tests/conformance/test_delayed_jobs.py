"""Promise 8: a delay is kept to within a second, and never cut short."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from ttsqueue.jobs import Claim, JobStatus
from ttsqueue.provider import QueueProvider

from .samples import AT_ONCE, LATER, WORKER, add_many, back_off, claim_one, claimed, new_job

SOON = timedelta(seconds=0.5)
A_SECOND = timedelta(seconds=1)


async def claim_when_due(provider: QueueProvider) -> Claim:
    """Ask all the time, as an eager worker would."""
    for _ in range(1000):
        if claims := await provider.claim(WORKER):
            return claims[0]
        await asyncio.sleep(0.005)
    raise AssertionError("no job became due within five seconds")


def assert_on_time(claim: Claim) -> None:
    assert claim.job.heartbeat_at is not None
    assert AT_ONCE <= claim.job.heartbeat_at - claim.job.run_at < A_SECOND


async def test_a_delayed_job_is_claimed_on_time_and_never_early(provider: QueueProvider) -> None:
    job = await provider.add(new_job(delay=SOON))
    assert job.run_at - job.created_at == SOON
    assert job.status is JobStatus.PENDING
    assert_on_time(await claim_when_due(provider))


async def test_a_job_for_a_given_instant_is_claimed_on_time_and_never_early(provider: QueueProvider) -> None:
    at = datetime.now(UTC) + SOON
    job = await provider.add(new_job(run_at=at))
    assert abs(job.run_at - at) < timedelta(milliseconds=1)
    claim = await claim_when_due(provider)
    assert_on_time(claim)
    assert datetime.now(UTC) >= at


async def test_the_instant_may_be_told_in_any_time_zone(provider: QueueProvider) -> None:
    at = datetime.now(timezone(timedelta(hours=5, minutes=30))) + LATER
    job = await provider.add(new_job(run_at=at))
    assert abs(job.run_at - at) < timedelta(milliseconds=1)
    assert job.run_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(("delay", "instant"), [(1, 2), (2, 1), (2, -2)])
async def test_of_a_delay_and_an_instant_the_later_holds(provider: QueueProvider, delay: int, instant: int) -> None:
    changes: dict[str, Any] = {"delay": delay * LATER, "run_at": datetime.now(UTC) + instant * LATER}
    job = await provider.add(new_job(**changes))
    assert job.run_at - job.created_at == pytest.approx(2 * LATER, abs=A_SECOND)


async def test_a_job_without_a_delay_is_due_from_its_creation(provider: QueueProvider) -> None:
    job = await provider.add(new_job())
    assert job.run_at == job.created_at


async def test_backoff_is_kept_like_any_delay(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    job = await provider.settle(claim.lease, back_off(SOON))
    assert job.run_at - job.updated_at == SOON
    assert await provider.claim(WORKER) == []
    assert_on_time(await claim_when_due(provider))


async def test_an_empty_queue_has_nothing_due(provider: QueueProvider) -> None:
    assert await provider.next_due() is None
    await claimed(provider)
    assert await provider.next_due() is None


async def test_next_due_is_the_soonest_of_all_priorities(provider: QueueProvider) -> None:
    await add_many(provider, 1, priority=1, delay=2 * LATER)
    await add_many(provider, 1, priority=10, delay=LATER)
    assert await provider.next_due() == pytest.approx(LATER, abs=A_SECOND)


async def test_next_due_is_zero_while_a_job_waits(provider: QueueProvider) -> None:
    await add_many(provider, 1, priority=1, delay=LATER)
    await add_many(provider, 1, priority=10)
    assert await provider.next_due() == AT_ONCE
    await claim_one(provider)
    assert await provider.next_due() == pytest.approx(LATER, abs=A_SECOND)


async def test_who_sleeps_until_next_due_finds_the_job(provider: QueueProvider) -> None:
    await provider.add(new_job(delay=SOON))
    due = await provider.next_due()
    assert due is not None
    await asyncio.sleep(due.total_seconds() + 0.002)
    assert_on_time(await claim_one(provider))


async def test_stats_tell_how_many_are_delayed(provider: QueueProvider) -> None:
    await add_many(provider, 2, delay=LATER)
    await add_many(provider, 3)
    stats = await provider.stats()
    assert (stats.pending, stats.delayed) == (5, 2)


async def test_a_job_that_became_due_is_no_longer_delayed(provider: QueueProvider) -> None:
    await provider.add(new_job(delay=timedelta(seconds=0.2)))
    assert (await provider.stats()).delayed == 1
    await asyncio.sleep(0.25)
    stats = await provider.stats()
    assert (stats.pending, stats.delayed) == (1, 0)
