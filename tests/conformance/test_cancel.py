"""Promise 5: a cancelled job is cancelled at once, for good, and what was spoken stays."""

from __future__ import annotations

import asyncio

import pytest

from ttsqueue.errors import JobNotFound, LeaseLost, NotCancellable
from ttsqueue.jobs import Job, JobStatus, Progress
from ttsqueue.outcome import Complete, Fail
from ttsqueue.provider import QueueProvider

from .samples import FAIL, LATER, STRANGER, WORKER, claimed, complete, new_job, snapshot, spoken


async def test_a_pending_job_is_cancelled_at_once(provider: QueueProvider) -> None:
    job = await provider.cancel((await provider.add(new_job())).id)
    assert job.status is JobStatus.CANCELLED
    assert job == await provider.get(job.id)
    assert job.completed_at is not None
    assert await provider.claim(WORKER) == []


async def test_a_delayed_job_is_cancelled_at_once(provider: QueueProvider) -> None:
    job = await provider.cancel((await provider.add(new_job(delay=LATER))).id)
    assert job.status is JobStatus.CANCELLED
    assert await provider.next_due() is None


async def test_a_running_job_is_cancelled_at_once_and_its_worker_hears_of_it(
    provider: QueueProvider, other: QueueProvider
) -> None:
    claim = await claimed(provider)
    job = await other.cancel(claim.job.id)
    assert job.status is JobStatus.CANCELLED
    assert await provider.lost([claim.lease]) == {claim.lease}
    assert await provider.claims_of(WORKER) == []


async def test_finished_chapters_and_progress_stay(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    await provider.save_chapter(claim.lease, spoken(0))
    await provider.update_progress(claim.lease, Progress(33, "Processing chapter 2 of 3", 2))
    chapters = await provider.chapters(claim.job.id)
    job = await provider.cancel(claim.job.id)
    assert await provider.chapters(job.id) == chapters
    assert (job.progress_percent, job.progress_message, job.current_chapter) == (33, "Processing chapter 2 of 3", 2)


async def test_cancelling_twice_is_fine_and_changes_nothing(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    first = await provider.cancel(claim.job.id)
    before = await snapshot(provider, first.id)
    assert (await provider.cancel(first.id)).status is JobStatus.CANCELLED
    assert await snapshot(provider, first.id) == before


@pytest.mark.parametrize("end", [complete(), FAIL], ids=["completed", "failed"])
async def test_a_job_that_has_ended_cannot_be_cancelled(provider: QueueProvider, end: Complete | Fail) -> None:
    claim = await claimed(provider)
    job = await provider.settle(claim.lease, end)
    before = await snapshot(provider, job.id)
    with pytest.raises(NotCancellable) as refusal:
        await provider.cancel(job.id)
    assert (refusal.value.job_id, refusal.value.status) == (job.id, job.status)
    assert await snapshot(provider, job.id) == before


async def test_an_unknown_job_cannot_be_cancelled(provider: QueueProvider) -> None:
    with pytest.raises(JobNotFound):
        await provider.cancel(STRANGER)


async def test_completing_cannot_overwrite_a_cancel(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    await provider.cancel(claim.job.id)
    with pytest.raises(LeaseLost):
        await provider.settle(claim.lease, complete())
    job = await provider.get(claim.job.id)
    assert (job.status, job.result) == (JobStatus.CANCELLED, None)


async def test_of_cancel_and_complete_at_once_exactly_one_happens(
    provider: QueueProvider, other: QueueProvider
) -> None:
    for _ in range(15):
        claim = await claimed(provider)
        done, cancel = await asyncio.gather(
            provider.settle(claim.lease, complete()), other.cancel(claim.job.id), return_exceptions=True
        )
        job = await provider.get(claim.job.id)
        if isinstance(done, Job):
            assert isinstance(cancel, NotCancellable)
            assert job.status is JobStatus.COMPLETED
        else:
            assert isinstance(done, LeaseLost)
            assert isinstance(cancel, Job)
            assert job.status is JobStatus.CANCELLED


async def test_of_cancel_and_claim_at_once_the_job_ends_cancelled(
    provider: QueueProvider, other: QueueProvider
) -> None:
    for _ in range(15):
        job = await provider.add(new_job(1))
        claims, cancel = await asyncio.gather(provider.claim(WORKER), other.cancel(job.id))
        assert cancel.status is JobStatus.CANCELLED
        assert (await provider.get(job.id)).status is JobStatus.CANCELLED
        leases = [claim.lease for claim in claims]
        assert await provider.lost(leases) == set(leases)


async def test_a_cancelled_job_can_be_retried(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    await provider.save_chapter(claim.lease, spoken(0))
    await provider.cancel(claim.job.id)
    job = await provider.retry(claim.job.id)
    assert (job.status, job.attempts, job.completed_at) == (JobStatus.PENDING, 0, None)
    assert (await provider.chapters(job.id))[0].finished == spoken(0)
