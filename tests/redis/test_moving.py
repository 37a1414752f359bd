"""BullMQ's queue follows: a job that leaves is out of it, one that arrives is in it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from uuid import uuid4

from bullmq import Job as BullJob
from bullmq import Queue, Worker

from tests.conformance.samples import AT_ONCE, LATER, add_many, back_off, claim_one, complete, new_job
from tests.moving.movers import prepared
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.redis.keys import QUEUE
from ttsqueue.providers.sqlite import SqliteProvider

from .proxy import proxied
from .test_adoption import NAME, data, worker_options

THERE = "another-store"


async def test_a_job_that_left_is_out_of_bullmqs_queue(provider: RedisProvider, bullmq: Queue) -> None:
    jobs = [await provider.add(new_job()), await provider.add(new_job(delay=LATER))]
    await provider.take_out(THERE)
    assert await bullmq.getJobCounts("prioritized", "delayed") == {"prioritized": 0, "delayed": 0}
    assert [await BullJob.fromId(bullmq, job.id) for job in jobs] == [None, None]


async def test_a_job_that_is_back_is_in_bullmqs_queue_under_its_own_id(provider: RedisProvider, bullmq: Queue) -> None:
    made = await bullmq.add(NAME, data(), {"priority": 3})
    claim = await claim_one(provider)
    await provider.settle(claim.lease, back_off(AT_ONCE))
    await provider.take_out(THERE)
    moving = await provider.departing(claim.job.id)
    assert moving is not None
    await provider.come_back(moving.lease)
    assert await bullmq.getJobState(made.id) == "prioritized"
    again = await claim_one(provider)
    assert again.job.id == claim.job.id
    await provider.settle(again.lease, complete())
    assert await bullmq.getJobState(made.id) == "completed"


async def test_a_job_that_arrived_is_in_bullmqs_queue(provider: RedisProvider, bullmq: Queue, tmp_path: Path) -> None:
    source = SqliteProvider(tmp_path / "old.db")
    await source.open()
    due, delayed = await source.add(new_job(priority=7)), await source.add(new_job(delay=LATER))
    mover = await prepared(source, provider)
    await mover.run()
    await source.aclose()
    assert await bullmq.getJobState(due.id) == "prioritized"
    assert await bullmq.getJobState(delayed.id) == "delayed"
    assert (await BullJob.fromId(bullmq, due.id)).opts["priority"] == 7


async def test_a_book_that_another_worker_has_just_taken_stays(provider: RedisProvider, url: str) -> None:
    """We have not heard of it yet."""
    taken, waiting = await provider.add(new_job(priority=1)), await provider.add(new_job())
    begun, over = asyncio.Event(), asyncio.Event()

    async def process(*_: object) -> dict[str, object]:
        begun.set()
        await over.wait()
        return {"audioFileIds": [], "totalDuration": 0.0}

    worker = Worker(QUEUE, process, worker_options(url))
    try:
        await begun.wait()
        assert (await provider.take_out(THERE)).job_ids == (waiting.id,)
        assert (await provider.get(taken.id)).id == taken.id
    finally:
        over.set()
        await worker.close()


async def test_what_others_put_into_the_queue_moves_too(provider: RedisProvider, bullmq: Queue, tmp_path: Path) -> None:
    """Though nobody has taken it in yet."""
    job_id = str(uuid4())
    await bullmq.add(NAME, data(title="Rain"), {"jobId": job_id, "priority": 2})
    target = SqliteProvider(tmp_path / "new.db")
    await target.open()
    mover = await prepared(provider, target)
    await mover.run()
    moved = await target.get(job_id)
    assert (mover.moved, moved.title, moved.priority) == (1, "Rain", 2)
    await target.aclose()


async def test_books_that_left_when_the_line_broke_arrive(provider: RedisProvider, url: str, tmp_path: Path) -> None:
    """The call is made again, and finds nothing more that waits: they are not to be forgotten on their way."""
    waiting = await add_many(provider, 3)
    target = SqliteProvider(tmp_path / "new.db")
    await target.open()
    async with proxied(url) as line:
        source = RedisProvider(line.url)
        await source.open()
        mover = await prepared(source, target)
        line.cut_the_next_answer(naming=waiting[0])
        await mover.run()
        assert line.is_cut
        await source.aclose()
    assert await provider.departed() == []
    assert sorted([claim.job.id for claim in await target.claim("worker-1", 10)]) == sorted(waiting)
    await target.aclose()
