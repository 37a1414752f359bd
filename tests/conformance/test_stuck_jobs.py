"""Promise 4: a job whose worker fell silent is found, and given to another only if it is still silent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from ttsqueue.errors import LeaseLost
from ttsqueue.jobs import Claim, JobStatus, Lease, Progress
from ttsqueue.provider import QueueProvider
from ttsqueue.retry import after_lost_worker

from .samples import (
    AT_ONCE,
    LOST,
    WORKER,
    add_many,
    claim_one,
    claimed,
    complete,
    ids,
    new_job,
    snapshot,
    spoken,
)

SILENT = timedelta(seconds=0.3)

SIGNS_OF_LIFE: dict[str, Callable[[QueueProvider, Lease], Awaitable[object]]] = {
    "heartbeat": lambda provider, lease: provider.heartbeat([lease]),
    "update_progress": lambda provider, lease: provider.update_progress(lease, Progress(1)),
    "save_chapter": lambda provider, lease: provider.save_chapter(lease, spoken(2)),
}


async def fall_silent() -> None:
    await asyncio.sleep(SILENT.total_seconds() + 0.05)


async def test_a_job_just_claimed_is_not_stuck(provider: QueueProvider) -> None:
    await claimed(provider)
    assert await provider.stuck(SILENT) == []


async def test_a_silent_job_is_stuck(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    await fall_silent()
    (stuck,) = await provider.stuck(SILENT)
    assert stuck == Claim(await provider.get(claim.job.id), claim.lease)


@pytest.mark.parametrize("sign", SIGNS_OF_LIFE)
async def test_a_job_that_shows_a_sign_of_life_is_not_stuck(provider: QueueProvider, sign: str) -> None:
    lively, silent = await claimed(provider), await claimed(provider)
    await fall_silent()
    await SIGNS_OF_LIFE[sign](provider, lively.lease)
    assert ids(await provider.stuck(SILENT)) == [silent.job.id]


@pytest.mark.parametrize("sign", SIGNS_OF_LIFE)
async def test_a_job_that_came_back_to_life_is_not_taken_away(provider: QueueProvider, sign: str) -> None:
    await claimed(provider)
    await fall_silent()
    (stuck,) = await provider.stuck(SILENT)
    await SIGNS_OF_LIFE[sign](provider, stuck.lease)
    before = await snapshot(provider, stuck.job.id)
    for outcome in (after_lost_worker(1, 3), after_lost_worker(3, 3), complete()):
        with pytest.raises(LeaseLost):
            await provider.settle(stuck.lease, outcome, silent_for=timedelta(seconds=10))
        assert await snapshot(provider, stuck.job.id) == before
    assert await provider.lost([stuck.lease]) == frozenset()


async def test_a_job_that_stays_silent_goes_back_to_pending(provider: QueueProvider) -> None:
    await claimed(provider)
    await fall_silent()
    (stuck,) = await provider.stuck(SILENT)
    job = await provider.settle(stuck.lease, after_lost_worker(1, 3), silent_for=SILENT)
    assert (job.status, job.worker_id, job.attempts) == (JobStatus.PENDING, None, 1)
    assert await provider.lost([stuck.lease]) == {stuck.lease}
    assert await provider.stuck(AT_ONCE) == []


async def test_a_stuck_job_with_no_attempts_left_fails(provider: QueueProvider) -> None:
    await claimed(provider, max_attempts=1)
    (stuck,) = await provider.stuck(AT_ONCE)
    outcome = after_lost_worker(stuck.job.attempts, stuck.job.max_attempts)
    job = await provider.settle(stuck.lease, outcome, silent_for=AT_ONCE)
    assert (job.status, job.error_code) == (JobStatus.FAILED, "WORKER_LOST")
    assert [attempt.outcome for attempt in await provider.attempts(job.id)] == ["lost"]


async def test_every_processing_job_is_silent_for_no_time_at_all(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    assert ids(await provider.stuck(AT_ONCE)) == [claim.job.id]


async def test_only_processing_jobs_are_stuck(provider: QueueProvider) -> None:
    done, cancelled, back = await claimed(provider), await claimed(provider), await claimed(provider)
    await provider.settle(done.lease, complete())
    await provider.cancel(cancelled.job.id)
    await provider.settle(back.lease, LOST)
    await provider.add(new_job())
    assert await provider.stuck(AT_ONCE) == []


async def test_no_more_stuck_jobs_are_listed_than_asked_for(provider: QueueProvider) -> None:
    await add_many(provider, 7)
    await provider.claim(WORKER, limit=7)
    assert len(await provider.stuck(AT_ONCE, limit=5)) == 5
    assert len(await provider.stuck(AT_ONCE)) == 7


async def test_two_who_find_the_same_stuck_job_reset_it_once(provider: QueueProvider, other: QueueProvider) -> None:
    claim = await claimed(provider)
    found = [(handle, (await handle.stuck(AT_ONCE))[0].lease) for handle in (provider, other)]
    resets = await asyncio.gather(
        *(handle.settle(lease, LOST, silent_for=AT_ONCE) for handle, lease in found), return_exceptions=True
    )
    assert sum(isinstance(reset, LeaseLost) for reset in resets) == 1
    assert len(await provider.history(claim.job.id)) == 3


async def test_a_job_taken_over_is_silent_from_its_new_claim_on(provider: QueueProvider) -> None:
    await claimed(provider)
    await fall_silent()
    (stuck,) = await provider.stuck(SILENT)
    await provider.settle(stuck.lease, LOST, silent_for=SILENT)
    await claim_one(provider)
    assert await provider.stuck(SILENT) == []
