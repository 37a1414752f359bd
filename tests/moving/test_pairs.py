"""From every store to every other: what waits moves, what is being spoken stays."""

from __future__ import annotations

from dataclasses import replace

from tests.conformance.samples import (
    AT_ONCE,
    LATER,
    USER,
    add_many,
    back_off,
    claim_one,
    claim_order,
    complete,
    new_job,
    snapshot,
    spoken,
)
from ttsqueue.book import BookInfo, Chapter
from ttsqueue.jobs import IdempotencyKey, Progress
from ttsqueue.moving import MOVED
from ttsqueue.provider import QueueProvider

from .movers import Watched, prepared

ODD = 'Ödland 海 😀 "quoted" \\n  \x7f'


async def test_everything_about_a_job_is_the_same_there(source: QueueProvider, target: QueueProvider) -> None:
    key = IdempotencyKey("click", "body")
    chapters = tuple(Chapter(f"ch {ODD} {number}", ODD * 50, ODD) for number in range(3))
    said = BookInfo(title=ODD, author=ODD, language="de")
    book = replace(new_job(), chapters=chapters, book=said, priority=2, max_attempts=9)
    job = await source.add(book, key)
    claim = await claim_one(source)
    await source.freeze_voice(claim.lease, "espeak:de")
    await source.save_chapter(claim.lease, replace(spoken(0), sound={"samples": 551250.0, "lufs": -19.25}))
    await source.update_progress(claim.lease, Progress(33, ODD, 2, 12.5))
    await source.settle(claim.lease, back_off())
    before, payload = await snapshot(source, job.id), await source.payload(job.id)
    mover = await prepared(source, target)
    await mover.run()
    assert (mover.moved, mover.stayed, await mover.on_its_way()) == (1, {}, [])
    after = await snapshot(target, job.id)
    assert after.history.pop().reason == MOVED
    assert replace(after, job=replace(after.job, updated_at=before.job.updated_at)) == before
    assert await target.payload(job.id) == payload == book.payload
    assert (await target.earlier_job(USER, key)) == after.job
    assert (await source.stats()).pending == 0


async def test_all_that_waits_moves_in_its_order_beside_what_is_there(
    source: QueueProvider, target: QueueProvider
) -> None:
    running = await source.add(new_job(1, priority=1))
    await claim_one(source)
    waiting = await add_many(source, 40)
    urgent = await add_many(source, 2, priority=1)
    delayed = await source.add(new_job(1, delay=LATER))
    newer = await target.add(new_job(1))
    watched = Watched()
    mover = await prepared(source, target, watched)
    await mover.run()
    assert mover.moved == 43
    assert sorted(watched.ids) == sorted([*waiting, *urgent, delayed.id])
    assert await claim_order(target) == [*urgent, *waiting, newer.id]
    assert (await target.get(delayed.id)).run_at == delayed.run_at
    stats = await source.stats()
    assert (stats.pending, stats.processing) == (0, 1)
    assert (await source.get(running.id)).worker_id == "worker-1"


async def test_what_comes_back_to_waiting_moves_with_the_next_run(source: QueueProvider, target: QueueProvider) -> None:
    job = await source.add(new_job())
    claim = await claim_one(source)
    await source.save_chapter(claim.lease, spoken(0))
    mover = await prepared(source, target)
    await mover.run()
    assert mover.moved == 0
    await source.settle(claim.lease, back_off(AT_ONCE))
    await mover.run()
    assert mover.moved == 1
    again = await claim_one(target)
    assert again.job.id == job.id
    assert (await target.chapters(job.id))[0].finished == spoken(0)
    await target.settle(again.lease, complete())
