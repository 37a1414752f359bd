"""A user who waits is told how many go first."""

from __future__ import annotations

from ttsqueue.provider import QueueProvider

from .samples import AT_ONCE, FAIL, HAND_BACK, LATER, add_many, back_off, claim_one, claim_order, claimed


async def positions(provider: QueueProvider, job_ids: list[str]) -> list[int | None]:
    return [await provider.position(job_id) for job_id in job_ids]


async def test_the_position_is_the_place_in_the_order_of_claims(provider: QueueProvider) -> None:
    added = []
    for priority in (5, 1, 10, 5, 1, 10, 5):
        added += await add_many(provider, 1, priority=priority)
    told = await positions(provider, added)
    order = await claim_order(provider)
    assert told == [order.index(job_id) for job_id in added]


async def test_everybody_moves_up_when_a_job_is_claimed(provider: QueueProvider) -> None:
    added = await add_many(provider, 3)
    await claim_one(provider)
    assert await positions(provider, added) == [None, 0, 1]


async def test_a_job_that_does_not_wait_has_no_position(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    assert await provider.position(claim.job.id) is None
    await provider.settle(claim.lease, FAIL)
    assert await provider.position(claim.job.id) is None


async def test_delayed_jobs_stand_before_nobody_who_is_due(provider: QueueProvider) -> None:
    await add_many(provider, 4, priority=1, delay=LATER)
    (due,) = await add_many(provider, 1, priority=10)
    assert await provider.position(due) == 0


async def test_delayed_jobs_are_placed_behind_those_of_their_priority(provider: QueueProvider) -> None:
    (later,) = await add_many(provider, 1, delay=2 * LATER)
    (sooner,) = await add_many(provider, 1, delay=LATER)
    due = await add_many(provider, 2)
    assert await positions(provider, [*due, sooner, later]) == [0, 1, 2, 3]


async def test_a_job_handed_back_stands_where_it_stood(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    waiting = await add_many(provider, 2)
    await provider.settle(claim.lease, HAND_BACK)
    assert await positions(provider, [claim.job.id, *waiting]) == [0, 1, 2]


async def test_a_job_that_backs_off_stands_at_the_end(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    waiting = await add_many(provider, 2)
    await provider.settle(claim.lease, back_off(AT_ONCE))
    assert await positions(provider, [*waiting, claim.job.id]) == [0, 1, 2]
