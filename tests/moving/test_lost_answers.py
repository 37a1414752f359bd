"""The store did what it was asked, and the answer was lost: whoever asks again must not take this for the end."""

from __future__ import annotations

import asyncio

from tests.conformance.samples import AT_ONCE, add_many, back_off, claim_one, new_job
from ttsqueue.jobs import JobStatus
from ttsqueue.provider import QueueProvider
from ttsqueue.store_identity import identity_of

from .movers import prepared
from .unlucky import busy, unlucky


async def test_every_book_arrives_though_every_answer_is_lost_once(
    source: QueueProvider, target: QueueProvider
) -> None:
    waiting = await add_many(source, 3)
    (old, lost_there), (new, lost_here) = unlucky(source), unlucky(target)
    mover = await prepared(old, new)
    await mover.run()
    assert (mover.moved, mover.stayed, await source.departed()) == (3, {}, [])
    assert [(await target.get(job_id)).status for job_id in waiting] == [JobStatus.PENDING] * 3
    assert lost_there.keys() == {"take_out", "departed", "departing", "gone"}
    assert lost_here == {"arrive": 3, "close_arrivals": 3}


async def test_a_book_that_is_there_already_is_back_though_every_answer_is_lost_once(
    source: QueueProvider, target: QueueProvider
) -> None:
    book = new_job()
    job, twin = await source.add(book), await target.add(book)
    (old, lost_there), (new, _) = unlucky(source), unlucky(target)
    mover = await prepared(old, new)
    await mover.run()
    assert (mover.moved, list(mover.stayed), await source.departed()) == (0, [job.id], [])
    assert mover.stayed[job.id].reason.endswith(twin.id)
    assert (await source.get(job.id)).status is JobStatus.PENDING
    assert lost_there["come_back"] == 1


async def test_who_waits_for_the_last_book_waits_for_what_is_on_its_way(
    source: QueueProvider, target: QueueProvider
) -> None:
    """Another mover takes it out as soon as it has come back, and is killed."""
    job = await source.add(new_job())
    lease = (await claim_one(source)).lease

    async def others() -> None:
        await source.settle(lease, back_off(AT_ONCE))
        await source.take_out(await identity_of(target))

    mover = await prepared(busy(source, others), target)
    async with asyncio.timeout(20):
        await mover.run_until_empty()
    assert (await target.get(job.id)).status is JobStatus.PENDING
    assert await source.departed() == []
