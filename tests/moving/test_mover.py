"""What can happen on the way. On one pair of stores: that all behave alike is told by the conformance suite."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conformance.samples import AT_ONCE, add_many, back_off, claim_one, complete, new_job
from tests.conformance.store import Store
from tests.redis_server import Server
from ttsqueue.book import Chapter
from ttsqueue.carrier import AT_ONCE as BATCH
from ttsqueue.departed import give_back
from ttsqueue.errors import JobNotFound, StoreUnavailable, TTSQueueError
from ttsqueue.jobs import JobStatus
from ttsqueue.listing import JobFilter
from ttsqueue.mover import Mover, SameStore
from ttsqueue.provider import QueueProvider
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.sqlite import SqliteProvider
from ttsqueue.server_keys import ServerKey
from ttsqueue.side import Side
from ttsqueue.store_identity import identity_of

from .movers import Watched, prepared

PENDING = JobFilter(statuses=frozenset({JobStatus.PENDING}))

pytestmark = pytest.mark.parametrize("pair", [("sqlite", "redis")], indirect=True)


async def departed_to(source: QueueProvider, target: QueueProvider, limit: int = 100) -> tuple[str, ...]:
    """Take them out as a mover does that is killed right then."""
    return (await source.take_out(await identity_of(target), limit=limit)).job_ids


async def test_what_a_killed_mover_took_out_is_put_in_by_the_next(source: QueueProvider, target: QueueProvider) -> None:
    waiting = await add_many(source, 3)
    await departed_to(source, target)
    mover = await prepared(source, target)
    assert sorted(await mover.on_its_way()) == sorted(waiting)
    await mover.run()
    assert mover.moved == 3
    assert [(await target.get(job_id)).status for job_id in waiting] == [JobStatus.PENDING] * 3


async def test_long_books_are_under_way_a_few_at_a_time(source: QueueProvider, target: QueueProvider) -> None:
    text = (Chapter("ch1", "x" * 1_900_000, ""),)
    await source.add_many([new_job(1) for _ in range(60)])
    await source.add_many([replace(new_job(1), chapters=text) for _ in range(40)])
    mover = await prepared(source, target)
    moving = asyncio.create_task(mover.run())
    under_way = []
    while not moving.done():
        under_way.append((mover.moved, len(await source.departed())))
    await moving
    assert mover.moved == 100
    assert max(number for _, number in under_way) == BATCH
    assert 0 < max(number for moved, number in under_way if moved >= 60 + BATCH) <= 2


@pytest.mark.parametrize("fate", ["spoken", "deleted"])
async def test_what_had_arrived_is_not_put_in_again(source: QueueProvider, target: QueueProvider, fate: str) -> None:
    job = await source.add(new_job())
    await departed_to(source, target)
    moving = await source.departing(job.id)
    assert moving is not None
    await target.arrive(moving)
    if fate == "spoken":
        await target.settle((await claim_one(target)).lease, complete())
    else:
        await target.cancel(job.id)
        await target.delete(job.id)
    mover = await prepared(source, target)
    await mover.run()
    assert await source.departed() == []
    assert (await target.stats()).pending == 0


async def test_what_goes_elsewhere_is_left_alone(source: QueueProvider, target: QueueProvider) -> None:
    await source.add(new_job())
    await source.take_out("a third store")
    mover = await prepared(source, target)
    await mover.run()
    assert (mover.moved, await mover.on_its_way(), len(await source.departed())) == (0, [], 1)


async def test_the_same_book_on_both_sides_stays_until_one_has_ended(
    source: QueueProvider, target: QueueProvider
) -> None:
    book = new_job()
    job, twin = await source.add(book), await target.add(book)
    others = await add_many(source, 2)
    mover = await prepared(source, target)
    await mover.run()
    assert mover.moved == 2
    assert list(mover.stayed) == [job.id]
    assert mover.stayed[job.id].reason == f"the same book is there already, as job {twin.id}"
    assert (await source.get(job.id)).status is JobStatus.PENDING
    assert (await target.stats()).pending == 3
    await target.cancel(twin.id)
    await mover.run()
    assert (mover.moved, mover.stayed) == (3, {})
    assert (await target.get(others[0])).status is JobStatus.PENDING


async def test_a_book_that_is_on_both_sides_again_is_kept(source: QueueProvider, target: QueueProvider) -> None:
    book = new_job()
    job, twin = await source.add(book), await target.add(book)
    await departed_to(source, target)
    again = await source.add(book)
    mover = await prepared(source, target)
    await mover.run()
    assert mover.stayed.keys() == {job.id, again.id}
    assert "it is kept until one of them ends" in mover.stayed[job.id].reason
    await source.cancel(again.id)
    await mover.run()
    assert (await source.get(job.id)).status is JobStatus.PENDING
    await target.cancel(twin.id)
    await mover.run()
    assert (await target.get(job.id)).status is JobStatus.PENDING


async def test_books_without_a_living_worker_are_taken_back_and_moved(
    stores: tuple[Store, Store], source: QueueProvider, target: QueueProvider
) -> None:
    job = await source.add(new_job())
    await claim_one(source)
    mover = Mover(Side(source, "old"), Side(target, "new"), Watched(), stuck_after=AT_ONCE)
    await mover.prepare()
    await asyncio.sleep(0.01)
    await mover.run()
    assert (await target.get(job.id)).last_error == "The worker was lost while it spoke this book."


async def test_waiting_for_what_is_being_spoken(source: QueueProvider, target: QueueProvider) -> None:
    first = await source.add(new_job())
    second = await source.add(new_job())
    leases = [(await claim_one(source)).lease for _ in range(2)]
    mover = await prepared(source, target)
    running = asyncio.create_task(mover.run_until_empty())
    await asyncio.sleep(0.3)
    assert not running.done()
    await source.settle(leases[0], complete())
    await source.settle(leases[1], back_off(AT_ONCE))
    async with asyncio.timeout(10):
        await running
    assert (await source.get(first.id)).status is JobStatus.COMPLETED
    assert (await target.get(second.id)).status is JobStatus.PENDING


async def test_two_movers_at_once_move_each_book_once(
    stores: tuple[Store, Store], source: QueueProvider, target: QueueProvider
) -> None:
    waiting = await add_many(source, 100)
    await departed_to(source, target, limit=20)
    async with stores[0].opened() as here, stores[1].opened() as there:
        movers = [await prepared(source, target), await prepared(here, there)]
        await asyncio.gather(*(mover.run() for mover in movers))
    assert [mover.stayed for mover in movers] == [{}, {}]
    assert (await source.stats()).pending == 0
    assert await source.departed() == []
    claims = [claim.job.id for _ in range(11) for claim in await target.claim("w", 10)]
    assert sorted(claims) == sorted(waiting)


async def test_a_book_that_no_longer_waits_is_no_longer_said_to_stay(
    source: QueueProvider, target: QueueProvider
) -> None:
    """Or another one that waits would be taken for it."""
    book = new_job()
    job, twin = await source.add(book), await target.add(book)
    spoken = await source.add(new_job(priority=1))
    lease = (await claim_one(source)).lease
    mover = await prepared(source, target)
    running = asyncio.create_task(mover.run_until_empty())
    for _ in range(500):
        if mover.stayed:
            break
        await asyncio.sleep(0.01)
    assert mover.stayed[job.id].reason.endswith(twin.id)
    await _cancel(source, job.id)
    await source.settle(lease, back_off(AT_ONCE))
    async with asyncio.timeout(10):
        await running
    assert (await target.get(spoken.id)).status is JobStatus.PENDING
    assert mover.stayed == {}


async def _cancel(source: QueueProvider, job_id: str) -> None:
    """It is away while the mover tries again whether it may go."""
    async with asyncio.timeout(10):
        while True:
            with suppress(JobNotFound):
                await source.cancel(job_id)
                return
            await asyncio.sleep(0.01)


async def test_a_user_may_do_as_they_like_meanwhile(source: QueueProvider, target: QueueProvider) -> None:
    waiting = await add_many(source, 10 * BATCH)
    mover = await prepared(source, target)
    moving = asyncio.create_task(mover.run())
    cancelled = {"here": 0, "there": 0}
    while not moving.done():
        for name, side in (("here", source), ("there", target)):
            page = await side.page(PENDING, 1)
            for job in page.jobs:
                try:
                    await side.cancel(job.id)
                    cancelled[name] += 1
                except TTSQueueError:
                    continue
    await moving
    stats = await source.stats(), await target.stats()
    assert stats[0].cancelled == cancelled["here"]
    assert stats[1].cancelled == cancelled["there"] > 0
    assert sum(each.cancelled + each.pending for each in stats) == len(waiting)


async def test_stopped_at_any_moment_it_leaves_nothing_half_way(source: QueueProvider, target: QueueProvider) -> None:
    waiting = await add_many(source, 10 * BATCH)
    mover = await prepared(source, target)
    for moment in range(12):
        moving = asyncio.create_task(mover.run())
        await asyncio.sleep(0.004 * moment)
        moving.cancel()
        with suppress(asyncio.CancelledError):
            await moving
        assert await source.departed() == []
    assert mover.moved > 0
    assert (await source.stats()).pending + (await target.stats()).pending == len(waiting)


async def test_a_destination_that_is_away_is_waited_for_and_then_told(
    source: QueueProvider, target: QueueProvider
) -> None:
    waiting = await add_many(source, 3)
    watched = Watched()
    mover = await prepared(source, target, watched, patience=0.4)
    await target.aclose()
    with pytest.raises(StoreUnavailable, match="the new store: The job store is not open"):
        await mover.run()
    assert "Trying again." in watched.sentences[0]
    assert sorted(await mover.on_its_way()) == sorted(waiting)
    await target.open()
    await mover.run()
    assert mover.moved == 3


async def test_who_stops_it_does_not_wait_for_a_destination_that_is_away(
    source: QueueProvider, target: QueueProvider
) -> None:
    waiting = await add_many(source, 3)
    mover = await prepared(source, target, patience=60)
    await target.aclose()
    moving = asyncio.create_task(mover.run())
    await asyncio.sleep(0.5)
    moving.cancel()
    done, _ = await asyncio.wait([moving], timeout=5)
    assert done
    assert moving.cancelled()
    assert sorted(await mover.on_its_way()) == sorted(waiting)


async def test_a_destination_that_is_full_takes_nothing_half(source: QueueProvider, pair: tuple[str, str]) -> None:
    waiting = await add_many(source, 40)
    server = Server("--appendonly", "no", "--maxmemory-policy", "noeviction")
    target = RedisProvider(server.url)
    await target.open()
    mover = await prepared(source, target, patience=0.3)
    server.run("CONFIG", "SET", "maxmemory", "1mb")
    with pytest.raises(StoreUnavailable, match="the new store: Redis is full"):
        await mover.run()
    assert (await target.stats()).pending == 0
    assert 0 < len(await mover.on_its_way()) == 40 - (await source.stats()).pending
    server.run("CONFIG", "SET", "maxmemory", "0")
    await mover.run()
    claims = [claim.job.id for claim in await target.claim("worker-1", 100)]
    assert sorted(claims) == sorted(waiting)
    await target.aclose()
    server.remove()


async def test_what_is_on_its_way_can_be_given_back(source: QueueProvider, target: QueueProvider) -> None:
    waiting = await add_many(source, 3)
    await departed_to(source, target)
    assert await give_back(Side(source, "old")) == (3, [])
    assert [(await source.get(job_id)).status for job_id in waiting] == [JobStatus.PENDING] * 3


async def test_keys_of_servers_are_copied_once(source: QueueProvider, target: QueueProvider) -> None:
    mine, theirs = (ServerKey(name, name * 8, is_admin=False) for name in ("mine", "theirs"))
    await source.add_key(mine)
    await source.add_key(theirs)
    await target.add_key(replace(theirs, digest="other"))
    await prepared(source, target)
    assert await target.key_with(mine.digest) is not None
    assert (await target.key_with("other")) is not None
    await target.remove_key("mine")
    await prepared(source, target)
    assert [key.name for key in await target.keys()] == ["theirs"]


async def test_keys_are_copied_by_the_next_mover_when_one_is_killed_among_them(
    source: QueueProvider, target: QueueProvider
) -> None:
    for number in range(200):
        await source.add_key(ServerKey(f"{number}", f"digest-{number}", is_admin=False))
    killed = asyncio.create_task(prepared(source, target))
    for _ in range(500):
        if await target.keys():
            break
    killed.cancel()
    await asyncio.wait([killed])
    assert 0 < len(await target.keys()) < 200
    await prepared(source, target)
    assert len(await target.keys()) == 200


async def test_a_store_is_not_moved_to_itself(
    stores: tuple[Store, Store], source: QueueProvider, target: QueueProvider
) -> None:
    job = await source.add(new_job())
    async with stores[0].opened() as itself:
        with pytest.raises(SameStore, match="the old store and the new store are the same store"):
            await prepared(source, itself)
    assert (await source.get(job.id)).status is JobStatus.PENDING


async def test_a_copy_of_a_store_is_another_store(
    stores: tuple[Store, Store], source: QueueProvider, target: QueueProvider, tmp_path: Path
) -> None:
    job = await source.add(new_job())
    await identity_of(source)
    with closing(sqlite3.connect(stores[0].url)) as file:
        file.execute("VACUUM INTO ?", [str(tmp_path / "copy.db")])
    copy = SqliteProvider(tmp_path / "copy.db")
    await copy.open()
    mover = await prepared(source, copy)
    await mover.run()
    assert (mover.moved, (await copy.stats()).pending, (await source.stats()).pending) == (1, 1, 0)
    assert await identity_of(copy) != await identity_of(source)
    assert (await copy.get(job.id)).status is JobStatus.PENDING
    await copy.aclose()
