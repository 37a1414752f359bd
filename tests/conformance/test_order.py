"""Promise 1: jobs are claimed by priority, then run_at, then the order of arrival."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

import pytest

from ttsqueue.jobs import JobStatus
from ttsqueue.outcome import Requeue
from ttsqueue.provider import QueueProvider

from .samples import (
    AT_ONCE,
    HAND_BACK,
    LATER,
    LOST,
    WORKER,
    add_many,
    back_off,
    claim_one,
    claim_order,
    claimed,
    ids,
    new_job,
)


async def test_priority_1_is_claimed_before_priority_10(provider: QueueProvider) -> None:
    added = {priority: (await add_many(provider, 1, priority=priority))[0] for priority in (10, 5, 1, 7, 2)}
    assert await claim_order(provider) == [added[priority] for priority in (1, 2, 5, 7, 10)]


async def test_within_one_priority_the_first_to_arrive_is_first(provider: QueueProvider) -> None:
    arrived = await add_many(provider, 50)
    assert await claim_order(provider) == arrived


async def test_claiming_many_at_once_gives_the_best_first(provider: QueueProvider) -> None:
    bulk = await add_many(provider, 2, priority=10)
    urgent = await add_many(provider, 2, priority=1)
    assert ids(await provider.claim(WORKER, limit=3)) == [*urgent, bulk[0]]
    assert ids(await provider.claim(WORKER, limit=3)) == [bulk[1]]


async def test_what_is_due_earlier_goes_before_what_arrived_earlier(provider: QueueProvider) -> None:
    (second,) = await add_many(provider, 1, delay=timedelta(seconds=0.4))
    (first,) = await add_many(provider, 1, delay=timedelta(seconds=0.2))
    await asyncio.sleep(0.5)
    assert await claim_order(provider) == [first, second]


async def test_jobs_due_at_the_same_instant_go_by_arrival(provider: QueueProvider) -> None:
    at = datetime.now(UTC) + timedelta(seconds=0.4)
    arrived = await add_many(provider, 12, run_at=at)
    await asyncio.sleep(0.5)
    assert await claim_order(provider) == arrived


async def test_a_job_that_waited_goes_before_a_delayed_one_that_became_due_later(provider: QueueProvider) -> None:
    (delayed,) = await add_many(provider, 1, delay=timedelta(seconds=0.2))
    (waiting,) = await add_many(provider, 1)
    await asyncio.sleep(0.3)
    assert await claim_order(provider) == [waiting, delayed]


YESTERDAY: list[dict[str, Any]] = [
    {"run_at": datetime.now(UTC) - timedelta(days=1)},
    {"delay": timedelta(days=-1)},
]


@pytest.mark.parametrize("yesterday", YESTERDAY, ids=["run_at", "delay"])
async def test_a_time_in_the_past_does_not_jump_the_queue(provider: QueueProvider, yesterday: dict[str, Any]) -> None:
    (first,) = await add_many(provider, 1)
    (sly,) = await add_many(provider, 1, **yesterday)
    assert await claim_order(provider) == [first, sly]


@pytest.mark.parametrize("back", [HAND_BACK, LOST], ids=["handed_back", "lost"])
async def test_a_job_that_goes_back_keeps_its_place(provider: QueueProvider, back: Requeue) -> None:
    claim = await claimed(provider)
    waiting = await add_many(provider, 2)
    returned = await provider.settle(claim.lease, back)
    assert returned.run_at == claim.job.run_at
    assert await claim_order(provider) == [claim.job.id, *waiting]


async def test_backoff_moves_a_job_behind_those_that_wait(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    waiting = await add_many(provider, 2)
    await provider.settle(claim.lease, back_off(AT_ONCE))
    assert await claim_order(provider) == [*waiting, claim.job.id]


async def test_backoff_does_not_move_a_job_behind_a_lower_priority(provider: QueueProvider) -> None:
    claim = await claimed(provider, priority=4)
    (lower,) = await add_many(provider, 1, priority=5)
    await provider.settle(claim.lease, back_off(AT_ONCE))
    assert await claim_order(provider) == [claim.job.id, lower]


async def test_a_retried_job_queues_up_behind_those_that_wait(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    await provider.cancel(claim.job.id)
    waiting = await add_many(provider, 2)
    await provider.retry(claim.job.id)
    assert await claim_order(provider) == [*waiting, claim.job.id]


async def test_a_delayed_job_of_high_priority_holds_nobody_up(provider: QueueProvider) -> None:
    await add_many(provider, 5, priority=1, delay=LATER)
    (due,) = await add_many(provider, 1, priority=10)
    assert await claim_order(provider) == [due]


async def test_a_claimed_job_is_shown_as_it_is_now(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    assert claim.job == await provider.get(claim.job.id)
    assert claim.job.status is JobStatus.PROCESSING
    assert claim.job.worker_id == WORKER


@pytest.mark.drill
async def test_a_claim_costs_the_same_behind_20000_delayed_jobs(provider: QueueProvider) -> None:
    """Without one probe per priority, 20,000 delayed jobs make a claim a hundred times slower."""
    before = await _cost_of_a_claim(provider)
    for _ in range(40):
        await asyncio.gather(*(provider.add(new_job(1, priority=1, delay=LATER)) for _ in range(500)))
    assert await _cost_of_a_claim(provider) < max(5 * before, 0.005)


async def _cost_of_a_claim(provider: QueueProvider) -> float:
    """Seconds of the median of 31 claims."""
    await add_many(provider, 31, priority=9)
    costs = []
    for _ in range(31):
        begin = perf_counter()
        await claim_one(provider)
        costs.append(perf_counter() - begin)
    return sorted(costs)[15]
