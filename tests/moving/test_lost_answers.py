"""What left, and nobody heard of it: the answer was lost on its way back, and the call is made again."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.conformance.samples import AT_ONCE, add_many, back_off, claim_one, new_job
from ttsqueue.errors import StoreUnavailable
from ttsqueue.jobs import JobStatus
from ttsqueue.moving import Departures
from ttsqueue.provider import QueueProvider

from .movers import prepared

pytestmark = pytest.mark.parametrize(
    "pair", [("sqlite", "redis"), ("postgres", "sqlite"), ("redis", "postgres")], indirect=True, ids="-to-".join
)


def lose_the_first_answer(source: QueueProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store has done it, as it does with any call."""
    take_out, losses = source.take_out, iter(["the line broke"])

    async def lossy(*arguments: Any, **options: Any) -> Departures:
        left = await take_out(*arguments, **options)
        if left.job_ids:
            for reason in losses:
                raise StoreUnavailable(reason)
        return left

    monkeypatch.setattr(source, "take_out", lossy)


async def test_books_whose_departure_nobody_heard_of_arrive_all_the_same(
    source: QueueProvider, target: QueueProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = await add_many(source, 3)
    mover = await prepared(source, target)
    lose_the_first_answer(source, monkeypatch)
    await mover.run()
    assert (mover.moved, await mover.on_its_way()) == (3, [])
    assert [(await target.get(job_id)).status for job_id in waiting] == [JobStatus.PENDING] * 3


async def test_who_waits_for_what_is_spoken_does_not_end_before_all_have_arrived(
    source: QueueProvider, target: QueueProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken = await source.add(new_job())
    lease = (await claim_one(source)).lease
    mover = await prepared(source, target)
    running = asyncio.create_task(mover.run_until_empty())
    await asyncio.sleep(0.2)
    lose_the_first_answer(source, monkeypatch)
    await source.settle(lease, back_off(AT_ONCE))
    async with asyncio.timeout(10):
        await running
    assert await mover.on_its_way() == []
    assert (await target.get(spoken.id)).status is JobStatus.PENDING
