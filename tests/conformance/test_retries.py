"""Promise 3: three attempts, counted so that a book which moves forward is not given up and a poison chapter is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ttsqueue.jobs import Claim, Job, JobStatus
from ttsqueue.outcome import Fail, Requeue
from ttsqueue.provider import QueueProvider
from ttsqueue.retry import AttemptError, Backoff, after_error, after_lost_worker

from .samples import (
    AT_ONCE,
    FAIL,
    HAND_BACK,
    LATER,
    LOST,
    back_off,
    claim_one,
    claimed,
    new_job,
    spoken,
)

NO_WAIT = Backoff(first=AT_ONCE)


async def break_down(provider: QueueProvider, claim: Claim) -> Job:
    """The attempt ends with an error, and the rules decide."""
    job = await provider.get(claim.job.id)
    error = AttemptError("The engine crashed.", "ENGINE_FAILED")
    return await provider.settle(claim.lease, after_error(error, job.attempts, job.max_attempts, NO_WAIT, 0.0))


async def test_a_new_job_has_used_no_attempt(provider: QueueProvider) -> None:
    job = await provider.add(new_job())
    assert (job.attempts, job.max_attempts, job.claims) == (0, 3, 0)


async def test_each_claim_costs_one_attempt(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    assert (claim.job.attempts, claim.job.claims) == (1, 1)
    await provider.settle(claim.lease, back_off(AT_ONCE))
    again = await claim_one(provider)
    assert (again.job.attempts, again.job.claims) == (2, 2)


async def test_a_job_that_fails_three_times_is_given_up(provider: QueueProvider) -> None:
    job = await provider.add(new_job())
    seen = []
    for _ in range(3):
        job = await break_down(provider, await claim_one(provider))
        seen.append((job.status, job.attempts))
    assert seen == [(JobStatus.PENDING, 1), (JobStatus.PENDING, 2), (JobStatus.FAILED, 3)]
    assert (job.error_message, job.error_code) == ("The engine crashed.", "ENGINE_FAILED")


async def test_the_first_unfinished_chapter_gives_the_attempts_back(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    await provider.settle(claim.lease, LOST)
    again = await claim_one(provider)
    assert again.job.attempts == 2
    assert (await provider.save_chapter(again.lease, spoken(0))).attempts == 1
    assert (await provider.get(claim.job.id)).attempts == 1


@pytest.mark.parametrize("index", [1, 2])
async def test_a_later_chapter_gives_nothing_back(provider: QueueProvider, index: int) -> None:
    claim = await claimed(provider)
    await provider.settle(claim.lease, LOST)
    again = await claim_one(provider)
    assert (await provider.save_chapter(again.lease, spoken(index))).attempts == 2


async def test_speaking_a_finished_chapter_again_gives_nothing_back(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    await provider.save_chapter(claim.lease, spoken(0))
    await provider.settle(claim.lease, LOST)
    again = await claim_one(provider)
    assert (await provider.save_chapter(again.lease, spoken(0, "again"))).attempts == 2


async def test_the_first_unfinished_chapter_is_the_one_after_those_already_spoken(provider: QueueProvider) -> None:
    claim = await claimed(provider, chapters=4)
    for index in (0, 2):
        await provider.save_chapter(claim.lease, spoken(index))
    await provider.settle(claim.lease, LOST)
    again = await claim_one(provider)
    assert (await provider.save_chapter(again.lease, spoken(3))).attempts == 2
    assert (await provider.save_chapter(again.lease, spoken(1))).attempts == 1


async def test_a_forgotten_chapter_is_the_first_unfinished_one_again(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    for index in (0, 1):
        await provider.save_chapter(claim.lease, spoken(index))
    await provider.settle(claim.lease, LOST)
    again = await claim_one(provider)
    await provider.forget_chapter(again.lease, 0)
    assert (await provider.save_chapter(again.lease, spoken(2))).attempts == 2
    assert (await provider.save_chapter(again.lease, spoken(0))).attempts == 1


async def test_a_book_that_moves_forward_is_not_given_up(provider: QueueProvider) -> None:
    job = await provider.add(new_job(chapters=6))
    for index in range(6):
        claim = await claim_one(provider)
        await provider.save_chapter(claim.lease, spoken(index))
        job = await break_down(provider, claim)
    assert (job.status, job.claims) == (JobStatus.PENDING, 6)


async def test_a_book_with_a_poison_chapter_is_given_up(provider: QueueProvider) -> None:
    """The chapters behind the poison are spoken side by side with it: they must not keep the book alive."""
    job = await provider.add(new_job(chapters=6))
    for index in (1, 2, 3):
        claim = await claim_one(provider)
        await provider.save_chapter(claim.lease, spoken(index))
        job = await break_down(provider, claim)
    assert (job.status, job.claims) == (JobStatus.FAILED, 3)


async def test_a_job_handed_back_gets_its_attempt_back(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    back = await provider.settle(claim.lease, HAND_BACK)
    assert (back.attempts, back.claims) == (0, 1)


async def test_being_told_to_slow_down_costs_nothing_and_keeps_the_wish(provider: QueueProvider) -> None:
    job = await provider.add(new_job(max_attempts=1))
    claim = await claim_one(provider)
    error = AttemptError("Slow down.", "RATE_LIMIT", retry_after=timedelta(seconds=90))
    job = await provider.settle(claim.lease, after_error(error, 1, 1, Backoff(), 0.5))
    assert (job.status, job.attempts) == (JobStatus.PENDING, 0)
    assert job.run_at - job.updated_at == pytest.approx(timedelta(seconds=90), abs=timedelta(seconds=1))


async def test_attempts_never_fall_below_zero_however_often_a_job_is_handed_back(provider: QueueProvider) -> None:
    job = await provider.add(new_job())
    for _ in range(3):
        claim = await claim_one(provider)
        await provider.save_chapter(claim.lease, spoken(0))
        job = await provider.settle(claim.lease, HAND_BACK)
        assert job.attempts == 0
    assert job.claims == 3


async def test_a_lost_worker_costs_its_attempt(provider: QueueProvider) -> None:
    job = await provider.add(new_job())
    for _ in range(3):
        claim = await claim_one(provider)
        job = await provider.settle(claim.lease, after_lost_worker(claim.job.attempts, claim.job.max_attempts))
    assert (job.status, job.claims, job.error_code) == (JobStatus.FAILED, 3, "WORKER_LOST")


async def test_an_error_that_is_tried_again_is_shown_as_the_last_one(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    job = await provider.settle(claim.lease, back_off(AT_ONCE))
    assert (job.last_error, job.error_message, job.error_code) == ("The server hung up.", None, None)


async def test_a_job_that_goes_back_without_an_error_keeps_the_last_one(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    await provider.settle(claim.lease, back_off(AT_ONCE))
    job = await provider.settle((await claim_one(provider)).lease, HAND_BACK)
    assert job.last_error == "The server hung up."


async def test_a_job_that_fails_says_why(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    job = await provider.settle(claim.lease, FAIL)
    assert job.status is JobStatus.FAILED
    assert (job.error_message, job.last_error, job.error_code) == (FAIL.error, FAIL.error, FAIL.code)
    assert job == await provider.get(job.id)


async def test_a_job_may_fail_without_a_code(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    assert (await provider.settle(claim.lease, Fail("It just broke."))).error_code is None


async def test_a_job_that_goes_back_belongs_to_no_worker(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    job = await provider.settle(claim.lease, Requeue("retried", "x", LATER))
    assert (job.status, job.worker_id) == (JobStatus.PENDING, None)
    assert await provider.claims_of("worker-1") == []
