"""Since when the job that has waited longest could be claimed."""

from __future__ import annotations

from datetime import timedelta

from ttsqueue.provider import QueueProvider

from .samples import HAND_BACK, add_many, back_off, claimed, new_job


async def test_nothing_waits_in_an_empty_queue(provider: QueueProvider) -> None:
    assert await provider.waiting_since() is None


async def test_the_earliest_counts_whatever_its_priority(provider: QueueProvider) -> None:
    first = await provider.add(new_job(priority=10))
    await add_many(provider, 3, priority=1)
    assert await provider.waiting_since() == first.run_at


async def test_what_may_not_be_claimed_yet_does_not_wait(provider: QueueProvider) -> None:
    await provider.add(new_job(delay=timedelta(hours=1)))
    await provider.settle((await claimed(provider)).lease, back_off())
    assert await provider.waiting_since() is None


async def test_a_job_that_was_handed_back_has_waited_all_the_time(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    assert await provider.waiting_since() is None
    await provider.settle(claim.lease, HAND_BACK)
    assert await provider.waiting_since() == claim.job.run_at


async def test_a_paused_queue_waits_too(provider: QueueProvider) -> None:
    job = await provider.add(new_job())
    await provider.set_paused(True)
    assert await provider.waiting_since() == job.run_at
