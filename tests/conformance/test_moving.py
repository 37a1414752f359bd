"""A job leaves one store with all that belongs to it, and comes into another, once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ttsqueue.errors import DuplicateJob, JobNotFound
from ttsqueue.jobs import Claim, IdempotencyKey, Job, JobStatus, Progress
from ttsqueue.listing import JobFilter
from ttsqueue.moving import MOVED, Departed, MovingJob
from ttsqueue.provider import QueueProvider
from ttsqueue.records import StateChange

from .samples import (
    AT_ONCE,
    FAIL,
    LATER,
    LOST,
    USER,
    Snapshot,
    add_many,
    back_off,
    claim_one,
    claim_order,
    claimed,
    complete,
    new_job,
    snapshot,
    spoken,
)
from .store import Store, StoreKind

THERE = "another-store"
KEY = IdempotencyKey("click-1", "body")


async def left(provider: QueueProvider, job_id: str | None = None) -> MovingJob:
    """Let all leave; the job that did, or this one of them."""
    departures = await provider.take_out(THERE)
    moving = await provider.departing(job_id or departures.job_ids[0])
    assert moving is not None
    return moving


async def experienced(provider: QueueProvider) -> Job:
    """A pending job with a past: lost once, two chapters spoken, backing off."""
    job = await provider.add(new_job(4, priority=3, max_attempts=7), KEY)
    await provider.settle((await claim_one(provider, "worker-7")).lease, LOST)
    claim = await claim_one(provider)
    await provider.freeze_voice(claim.lease, "espeak:en-gb")
    for index in (0, 2):
        await provider.save_chapter(claim.lease, replace(spoken(index), sound={"samples": 42.0}))
    await provider.update_progress(claim.lease, Progress(40, "Processing chapter 2 of 4", 2, 99.0))
    await provider.settle(claim.lease, back_off())
    return await provider.get(job.id)


def but_for_the_way(kept: Snapshot) -> Snapshot:
    """Without what moving itself changes."""
    return replace(kept, job=replace(kept.job, updated_at=kept.job.created_at))


# --- leaving ----------------------------------------------------------------------------------------------------------


async def test_nobody_finds_a_job_that_has_left(provider: QueueProvider, other: QueueProvider) -> None:
    job = await provider.add(new_job())
    departures = await provider.take_out(THERE)
    assert departures.job_ids == (job.id,)
    assert await other.claim("worker-1") == []
    assert (await other.stats()).pending == 0
    assert (await other.page(JobFilter(user_id=job.user_id), 10)).jobs == ()
    for read in (other.get, other.payload, other.chapters, other.attempts, other.history, other.position):
        with pytest.raises(JobNotFound):
            await read(job.id)
    for decide in (other.cancel, other.retry, other.delete):
        with pytest.raises(JobNotFound):
            await decide(job.id)


async def test_only_pending_jobs_leave_delayed_ones_among_them(provider: QueueProvider) -> None:
    await provider.settle((await claimed(provider)).lease, complete())
    await provider.settle((await claimed(provider)).lease, FAIL)
    await provider.cancel((await provider.add(new_job())).id)
    running = await claimed(provider)
    waiting = await provider.add(new_job())
    delayed = await provider.add(new_job(delay=LATER))
    assert (await provider.take_out(THERE)).job_ids == (waiting.id, delayed.id)
    stats = await provider.stats()
    assert (stats.pending, stats.processing, stats.completed, stats.failed, stats.cancelled) == (0, 1, 1, 1, 1)
    await provider.settle(running.lease, complete())


async def test_jobs_leave_a_paused_queue(provider: QueueProvider) -> None:
    job = await provider.add(new_job())
    await provider.set_paused(True)
    assert (await provider.take_out(THERE)).job_ids == (job.id,)


async def test_they_leave_in_order_of_arrival_some_at_a_time(provider: QueueProvider) -> None:
    waiting = [(await provider.add(new_job(priority=priority))).id for priority in (9, 1, 5, 5, 2)]
    first = await provider.take_out(THERE, limit=2)
    second = await provider.take_out(THERE, first.last, limit=2)
    third = await provider.take_out(THERE, second.last, limit=2)
    assert [first.job_ids, second.job_ids, third.job_ids] == [tuple(waiting[:2]), tuple(waiting[2:4]), (waiting[4],)]
    assert (await provider.take_out(THERE, third.last)).job_ids == ()


async def test_a_job_is_claimed_or_leaves_never_both(provider: QueueProvider, other: QueueProvider) -> None:
    waiting = await add_many(provider, 30)

    async def claim_all() -> list[str]:
        return [claim.job.id for _ in range(30) for claim in await provider.claim("worker-1")]

    async def take_all_out() -> list[str]:
        return [job_id for _ in range(10) for job_id in (await other.take_out(THERE, limit=3)).job_ids]

    claimed_ids, left_ids = await asyncio.gather(claim_all(), take_all_out())
    left_ids += (await other.take_out(THERE)).job_ids
    assert sorted([*claimed_ids, *left_ids]) == sorted(waiting)


async def test_what_has_left_is_known_until_it_is_gone(provider: QueueProvider, other: QueueProvider) -> None:
    job = await provider.add(new_job())
    moving = await left(provider)
    assert await other.departed() == [Departed(job.id, THERE)]
    await other.gone([moving.lease])
    assert await provider.departed() == []
    assert await provider.departing(job.id) is None
    await provider.gone([moving.lease])


async def test_each_departure_has_a_greater_lease(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    await provider.settle(claim.lease, back_off(AT_ONCE))
    first = await left(provider)
    assert first.lease.token > claim.lease.token
    assert await provider.come_back(first.lease)
    assert (await left(provider)).lease.token > first.lease.token


async def test_its_place_is_free_for_the_same_book(provider: QueueProvider) -> None:
    book = new_job()
    job = await provider.add(book)
    await left(provider)
    assert (await provider.add(book)).id != job.id


async def test_watchers_hear_that_it_left(provider: QueueProvider, other: QueueProvider) -> None:
    job = await provider.add(new_job())
    async with aclosing(other.changes()) as changes:
        await anext(changes)
        await provider.take_out(THERE)
        async with asyncio.timeout(5):
            async for changed in changes:
                if job.id in changed:
                    return


async def test_changes_after_a_departure_are_heard_too(provider: QueueProvider, other: QueueProvider) -> None:
    """A store that numbers its changes may give a number out twice."""
    first, second = await add_many(provider, 2)
    async with aclosing(other.changes()) as changes:
        await anext(changes)
        await provider.take_out(THERE, limit=1)
        heard: set[str] = set()
        async with asyncio.timeout(5):
            while first not in heard:
                heard |= await anext(changes)
            await provider.cancel(second)
            while second not in heard:
                heard |= await anext(changes)


# --- coming back ------------------------------------------------------------------------------------------------------


async def test_a_job_comes_back_as_it_was(provider: QueueProvider) -> None:
    job = await experienced(provider)
    before, payload = but_for_the_way(await snapshot(provider, job.id)), await provider.payload(job.id)
    moving = await left(provider)
    assert await provider.come_back(moving.lease)
    assert but_for_the_way(await snapshot(provider, job.id)) == before
    assert await provider.payload(job.id) == payload
    assert await provider.departed() == []
    assert await provider.earlier_job(USER, KEY) is not None
    assert not await provider.come_back(moving.lease)


async def test_a_job_comes_back_into_its_old_place(provider: QueueProvider) -> None:
    waiting = await add_many(provider, 3)
    await provider.take_out(THERE)
    for job_id in (*waiting[1:], waiting[0]):
        moving = await provider.departing(job_id)
        assert moving is not None
        await provider.come_back(moving.lease)
    page = await provider.page(JobFilter(), 10)
    assert [job.id for job in page.jobs] == waiting[::-1]
    assert await claim_order(provider) == waiting


async def test_whoever_watches_and_whoever_waits_hears_that_it_is_back(
    provider: QueueProvider, other: QueueProvider
) -> None:
    job = await provider.add(new_job())
    moving = await left(provider)
    async with aclosing(other.changes()) as changes:
        await anext(changes)
        await provider.come_back(moving.lease)
        async with asyncio.timeout(5):
            while job.id not in await anext(changes):
                pass


async def test_it_cannot_come_back_beside_its_twin(provider: QueueProvider) -> None:
    book = new_job()
    await provider.add(book)
    moving = await left(provider)
    twin = await provider.add(book)
    with pytest.raises(DuplicateJob) as refused:
        await provider.come_back(moving.lease)
    assert refused.value.job_id == twin.id
    assert await provider.departed() == [Departed(moving.job.id, THERE)]
    await provider.cancel(twin.id)
    assert await provider.come_back(moving.lease)


async def test_a_departure_that_is_over_changes_nothing(provider: QueueProvider) -> None:
    await provider.add(new_job())
    first = await left(provider)
    await provider.come_back(first.lease)
    second = await left(provider)
    await provider.gone([first.lease])
    assert not await provider.come_back(first.lease)
    assert await provider.departed() == [Departed(second.job.id, THERE)]
    assert await provider.come_back(second.lease)


# --- arriving ---------------------------------------------------------------------------------------------------------


@pytest.fixture
async def there(kind: StoreKind, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[QueueProvider]:
    """Another store of the same kind."""
    with kind.fresh(tmp_path_factory.mktemp("there")) as url:
        async with Store(kind, url).opened() as handle:
            yield handle


async def test_a_job_arrives_as_it_left(provider: QueueProvider, there: QueueProvider) -> None:
    job = await experienced(provider)
    before, payload = but_for_the_way(await snapshot(provider, job.id)), await provider.payload(job.id)
    assert await there.arrive(await left(provider)) is None
    after = but_for_the_way(await snapshot(there, job.id))
    assert replace(after, history=before.history) == before
    assert after.history[:-1] == before.history
    assert (after.history[-1].status, after.history[-1].reason) == (JobStatus.PENDING, MOVED)
    assert await there.payload(job.id) == payload


async def test_it_goes_on_where_it_stopped(provider: QueueProvider, there: QueueProvider) -> None:
    job = await experienced(provider)
    await provider.settle((await first_claim(provider, job)).lease, back_off(AT_ONCE))
    await there.arrive(await left(provider, job.id))
    claim = await claim_one(there, "worker-9")
    assert (claim.job.attempts, claim.job.claims, claim.job.voice_id) == (2, 4, "espeak:en-gb")
    assert claim.lease.token > 4
    moved_on = await there.save_chapter(claim.lease, spoken(1))
    assert moved_on.attempts == 1
    await there.save_chapter(claim.lease, spoken(3))
    done = await there.settle(claim.lease, complete(4))
    assert done.status is JobStatus.COMPLETED
    assert [attempt.number for attempt in await there.attempts(job.id)] == [1, 2, 3, 4]


async def first_claim(provider: QueueProvider, job: Job) -> Claim:
    """Of a job that backs off: without waiting for it."""
    await provider.cancel(job.id)
    await provider.retry(job.id)
    return await claim_one(provider)


async def test_order_is_that_of_the_old_store(provider: QueueProvider, there: QueueProvider) -> None:
    newest = await there.add(new_job(1))
    waiting = [(await provider.add(new_job(1, priority=priority))).id for priority in (9, 5, 5, 1, 5)]
    await asyncio.sleep(0.01)
    late = await there.add(new_job(1))
    for job_id in (await provider.take_out(THERE)).job_ids:
        moving = await provider.departing(job_id)
        assert moving is not None
        await there.arrive(moving)
    expected = [waiting[3], newest.id, waiting[1], waiting[2], waiting[4], late.id, waiting[0]]
    assert await claim_order(there) == expected


async def test_a_delay_is_kept(provider: QueueProvider, there: QueueProvider) -> None:
    job = await provider.add(new_job(delay=timedelta(seconds=1)))
    assert await there.arrive(await left(provider)) is None
    assert (await there.get(job.id)).run_at == job.run_at
    assert (await there.stats()).delayed == 1
    assert await there.claim("worker-1") == []
    await asyncio.sleep((job.run_at - datetime.now(UTC)).total_seconds() + 0.05)
    assert (await claim_one(there)).job.id == job.id


async def test_it_arrives_once(provider: QueueProvider, there: QueueProvider) -> None:
    await provider.add(new_job())
    moving = await left(provider)
    answers = await asyncio.gather(*(there.arrive(moving) for _ in range(5)))
    assert set(answers) == {None}
    assert (await there.stats()).pending == 1
    assert len(await there.claim("worker-1", 10)) == 1


@pytest.mark.parametrize("fate", ["completed", "cancelled", "deleted"])
async def test_what_became_of_it_there_is_not_undone(provider: QueueProvider, there: QueueProvider, fate: str) -> None:
    job = await provider.add(new_job())
    moving = await left(provider)
    await there.arrive(moving)
    if fate == "completed":
        await there.settle((await claim_one(there)).lease, complete())
    else:
        await there.cancel(job.id)
    if fate == "deleted":
        await there.delete(job.id)
    assert await there.arrive(moving) is None
    assert (await there.stats()).pending == 0
    if fate == "deleted":
        with pytest.raises(JobNotFound):
            await there.get(job.id)
    else:
        assert (await there.get(job.id)).status == fate


async def test_what_is_there_already_is_not_replaced(provider: QueueProvider) -> None:
    """As in a copy of the store."""
    await provider.add(new_job())
    moving = await left(provider)
    await provider.come_back(moving.lease)
    claim = await claim_one(provider)
    assert await provider.arrive(moving) is None
    assert (await provider.get(claim.job.id)).status is JobStatus.PROCESSING
    assert await provider.lost([claim.lease]) == frozenset()


async def test_a_twin_keeps_it_out_and_that_is_decided_once(provider: QueueProvider, there: QueueProvider) -> None:
    book = new_job()
    await provider.add(book)
    twin = await there.add(book)
    moving = await left(provider)
    assert await there.arrive(moving) == twin.id
    await there.cancel(twin.id)
    assert await there.arrive(moving) == twin.id
    with pytest.raises(JobNotFound):
        await there.get(moving.job.id)
    await provider.come_back(moving.lease)
    assert await there.arrive(await left(provider)) is None
    assert (await there.get(moving.job.id)).status is JobStatus.PENDING


async def test_it_keeps_its_twins_out(provider: QueueProvider, there: QueueProvider) -> None:
    book = new_job()
    job = await provider.add(book)
    await there.arrive(await left(provider))
    with pytest.raises(DuplicateJob) as refused:
        await there.add(book)
    assert refused.value.job_id == job.id


async def test_there_and_back_again(provider: QueueProvider, there: QueueProvider) -> None:
    job = await experienced(provider)
    before = await snapshot(provider, job.id)
    for source, target in ((provider, there), (there, provider), (provider, there)):
        moving = await left(source)
        assert await target.arrive(moving) is None
        await source.gone([moving.lease])
        await target.close_arrivals([moving.lease])
    after = await snapshot(there, job.id)
    assert (after.chapters, after.attempts) == (before.chapters, before.attempts)
    assert [change.reason for change in after.history if change.reason == MOVED] == [MOVED] * 3
    assert (await provider.stats()).pending == 0


async def test_its_idempotency_key_arrives_with_it(provider: QueueProvider, there: QueueProvider) -> None:
    job = await provider.add(new_job(), KEY)
    await there.arrive(await left(provider))
    earlier = await there.earlier_job(USER, KEY)
    assert earlier is not None
    assert earlier.id == job.id
    assert await provider.earlier_job(USER, KEY) is None


async def test_a_key_that_stands_for_another_job_there_stays(provider: QueueProvider, there: QueueProvider) -> None:
    await provider.add(new_job(), KEY)
    first = await there.add(new_job(), KEY)
    assert await there.arrive(await left(provider)) is None
    earlier = await there.earlier_job(USER, KEY)
    assert earlier is not None
    assert earlier.id == first.id


async def test_waiting_workers_and_watchers_hear_of_it(provider: QueueProvider, there: QueueProvider) -> None:
    job = await provider.add(new_job())
    moving = await left(provider)
    async with aclosing(there.changes()) as changes:
        await anext(changes)
        await there.wait_for_work(0.01)
        waiting = asyncio.create_task(there.wait_for_work(20))
        await asyncio.sleep(0.1)
        await there.arrive(moving)
        async with asyncio.timeout(5):
            await waiting
            while job.id not in await anext(changes):
                pass


async def test_a_user_is_charged_once_for_a_job_that_moved(provider: QueueProvider, there: QueueProvider) -> None:
    day = timedelta(days=1)
    old = await there.add(new_job())
    characters = await there.characters_since(USER, day)
    await provider.add(new_job())
    moving = await left(provider)
    assert await provider.characters_since(USER, day) == characters
    await provider.come_back(moving.lease)
    assert await provider.characters_since(USER, day) == characters
    await there.arrive(await left(provider))
    assert await there.characters_since(USER, day) == 2 * characters
    await there.cancel(old.id)


async def test_a_job_of_long_ago_does_not_hide_what_was_added_today(
    provider: QueueProvider, there: QueueProvider
) -> None:
    """Ids begin with the time: a store may take one that came late for the end of what is old."""
    day = timedelta(days=1)
    today = await there.add(new_job())
    characters = await there.characters_since(USER, day)
    await provider.add(new_job())
    moving = await left(provider)
    long_ago = datetime.now(UTC) - timedelta(days=30)
    ancient = replace(moving.job, id=f"0100{today.id[4:]}", created_at=long_ago, run_at=long_ago)
    await there.arrive(replace(moving, job=ancient, lease=replace(moving.lease, job_id=ancient.id)))
    assert await there.characters_since(USER, day) == characters


async def test_how_long_it_waited_is_counted_from_the_beginning(provider: QueueProvider, there: QueueProvider) -> None:
    await provider.add(new_job())
    moving = await left(provider)
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    await there.arrive(replace(moving, job=replace(moving.job, created_at=an_hour_ago, run_at=an_hour_ago)))
    since = await there.waiting_since()
    assert since is not None
    assert abs(since - an_hour_ago) < timedelta(milliseconds=1)
    await claim_one(there)
    (bucket,) = (await there.activity(timedelta(hours=1), 1)).buckets
    assert bucket.free.jobs == 1
    assert bucket.free.p50 is not None
    assert bucket.free.p50 > 3000


async def test_closed_arrivals_are_still_decided_for_a_day(provider: QueueProvider, there: QueueProvider) -> None:
    job = await provider.add(new_job())
    moving = await left(provider)
    await there.arrive(moving)
    await there.close_arrivals([moving.lease])
    await there.cancel(job.id)
    await there.delete(job.id)
    await there.prune()
    assert await there.arrive(moving) is None
    assert (await there.stats()).pending == 0


async def test_an_attempt_that_failed_keeps_its_words(provider: QueueProvider, there: QueueProvider) -> None:
    job = await experienced(provider)
    await there.arrive(await left(provider))
    moved = await there.get(job.id)
    assert moved.last_error == "The server hung up."
    assert [attempt.error for attempt in await there.attempts(job.id)] == [LOST.error, "The server hung up."]
    assert isinstance((await there.history(job.id))[0], StateChange)
