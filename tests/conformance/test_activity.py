"""What the queue did lately: figures for charts."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from ttsqueue.activity import ActivityBucket, Waiting
from ttsqueue.provider import QueueProvider

from .samples import FAIL, WORKER, add_many, back_off, claim_one, claimed, complete, new_job, spoken

HOUR = timedelta(hours=1)


async def last_hour(provider: QueueProvider) -> ActivityBucket:
    (bucket,) = (await provider.activity(HOUR, 1)).buckets
    return bucket


async def test_a_new_queue_has_done_nothing(provider: QueueProvider) -> None:
    activity = await provider.activity(HOUR, 12)
    assert activity.width == timedelta(minutes=5)
    starts = [bucket.start for bucket in activity.buckets]
    assert activity.buckets == tuple(map(ActivityBucket, starts))
    assert starts == [starts[0] + n * activity.width for n in range(12)]
    assert starts[-1] < datetime.now(UTC) <= starts[-1] + activity.width + timedelta(minutes=1)


async def test_jobs_count_when_they_complete_or_fail(provider: QueueProvider) -> None:
    for outcome in (complete(), complete(), FAIL, back_off()):
        await provider.settle((await claimed(provider)).lease, outcome)
    await provider.cancel((await claimed(provider)).job.id)
    done = await last_hour(provider)
    assert (done.completed, done.failed) == (2, 1)


async def test_what_is_done_now_stands_in_one_of_the_last_steps(provider: QueueProvider) -> None:
    await provider.settle((await claimed(provider)).lease, complete())
    buckets = (await provider.activity(HOUR, 60)).buckets
    assert sum(bucket.completed for bucket in buckets[-2:]) == 1
    assert sum(bucket.completed for bucket in buckets[:-2]) == 0


async def test_characters_and_seconds_count_chapter_by_chapter(provider: QueueProvider) -> None:
    claim = await claimed(provider, chapters=3)
    first, second, _ = await provider.chapters(claim.job.id)
    await provider.save_chapter(claim.lease, spoken(0))
    assert (await last_hour(provider)).characters == first.characters
    await provider.save_chapter(claim.lease, spoken(1))
    done = await last_hour(provider)
    assert done.characters == first.characters + second.characters
    assert done.audio_seconds == pytest.approx(25.0)
    assert done.completed == 0


async def test_deleting_a_job_takes_nothing_away(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    await provider.save_chapter(claim.lease, spoken(0))
    await provider.settle(claim.lease, FAIL)
    before = await last_hour(provider)
    await provider.delete(claim.job.id)
    await provider.prune()
    assert await last_hour(provider) == before
    assert before.failed == before.premium.jobs + before.free.jobs == 1


async def test_waiting_is_told_by_tier(provider: QueueProvider) -> None:
    await add_many(provider, 3, priority=4)
    await asyncio.sleep(0.3)
    await add_many(provider, 2, priority=5)
    assert len(await provider.claim(WORKER, limit=5)) == 5
    done = await last_hour(provider)
    assert (done.premium.jobs, done.free.jobs) == (3, 2)
    assert done.premium.p50 is not None
    assert 0.3 <= done.premium.p50 < 2.0
    assert done.free.p95 is not None
    assert done.free.p95 < done.premium.p50


async def test_a_delay_is_no_waiting(provider: QueueProvider) -> None:
    await provider.add(new_job(delay=timedelta(seconds=0.4)))
    await asyncio.sleep(0.45)
    await claim_one(provider)
    waited = (await last_hour(provider)).free
    assert waited.jobs == 1
    assert waited.p50 is not None
    assert waited.p50 < 0.4


async def test_only_the_first_start_counts_as_waiting(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    await provider.settle(claim.lease, back_off(timedelta(0)))
    await claim_one(provider)
    assert (await last_hour(provider)).free.jobs == 1


async def test_a_queue_in_which_nothing_started_has_no_waiting_time(provider: QueueProvider) -> None:
    await add_many(provider, 2)
    assert (await last_hour(provider)).free == Waiting()
