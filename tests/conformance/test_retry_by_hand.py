"""A failed or cancelled job can be put back by hand and starts over, with what was spoken kept."""

from __future__ import annotations

import pytest

from ttsqueue.errors import JobNotFound, NotRetryable
from ttsqueue.jobs import JobStatus, Progress
from ttsqueue.provider import QueueProvider

from .samples import AT_ONCE, FAIL, LATER, STRANGER, back_off, claim_one, claimed, complete, new_job, snapshot, spoken


async def test_a_failed_job_starts_over_with_its_chapters(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    await provider.save_chapter(claim.lease, spoken(0))
    await provider.settle(claim.lease, FAIL)
    chapters = await provider.chapters(claim.job.id)
    job = await provider.retry(claim.job.id)
    assert job == await provider.get(claim.job.id)
    assert await provider.chapters(job.id) == chapters
    assert chapters[0].finished == spoken(0)


async def test_a_job_that_used_up_its_attempts_has_all_of_them_again(provider: QueueProvider) -> None:
    job = await provider.add(new_job())
    for outcome in (back_off(AT_ONCE), back_off(AT_ONCE), FAIL):
        await provider.settle((await claim_one(provider)).lease, outcome)
    assert (await provider.get(job.id)).attempts == 3
    assert (await provider.retry(job.id)).attempts == 0
    again = await claim_one(provider)
    assert (again.job.attempts, again.job.claims) == (1, 4)


async def test_a_retried_job_is_due_now_whatever_it_was_delayed_to(provider: QueueProvider) -> None:
    job = await provider.add(new_job(delay=LATER))
    await provider.cancel(job.id)
    again = await provider.retry(job.id)
    assert again.run_at == again.updated_at
    assert (await claim_one(provider)).job.id == job.id


async def test_a_retry_by_hand_starts_over_with_a_clean_record(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    await provider.update_progress(claim.lease, Progress(50))
    await provider.settle(claim.lease, FAIL)
    job = await provider.retry(claim.job.id)
    assert (job.status, job.attempts, job.claims) == (JobStatus.PENDING, 0, 1)
    assert (job.error_message, job.error_code, job.last_error, job.completed_at) == (None, None, None, None)
    assert (job.worker_id, job.result) == (None, None)
    assert job.progress_percent == 50
    assert (await claim_one(provider)).job.attempts == 1


@pytest.mark.parametrize("end", ["pending", "processing", "completed"])
async def test_only_failed_and_cancelled_jobs_can_be_retried(provider: QueueProvider, end: str) -> None:
    job = await provider.add(new_job())
    if end != "pending":
        claim = await claim_one(provider)
    if end == "completed":
        await provider.settle(claim.lease, complete())
    before = await snapshot(provider, job.id)
    with pytest.raises(NotRetryable) as refusal:
        await provider.retry(job.id)
    assert refusal.value.status == end
    assert await snapshot(provider, job.id) == before


async def test_an_unknown_job_cannot_be_retried(provider: QueueProvider) -> None:
    with pytest.raises(JobNotFound):
        await provider.retry(STRANGER)
