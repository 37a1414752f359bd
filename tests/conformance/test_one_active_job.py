"""Promise 11: the same book is not queued twice at a time, whoever clicks how often."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from ttsqueue.errors import DuplicateJob
from ttsqueue.jobs import Job, JobStatus, JobType, Lease
from ttsqueue.provider import QueueProvider

from .leases import cancelled, completed, failed, handed_back
from .processes import children_on
from .samples import LATER, STRANGER, chapter, claim_one, claimed, complete, new_job, snapshot
from .store import Store

FREES = {"completed": completed, "failed": failed, "cancelled": cancelled}


async def test_a_double_click_is_refused_and_told_of_the_first_job(provider: QueueProvider) -> None:
    book = new_job()
    job = await provider.add(book)
    with pytest.raises(DuplicateJob) as refusal:
        await provider.add(book)
    assert (refusal.value.job_id, refusal.value.status) == (job.id, "pending")
    assert (await provider.stats()).pending == 1


async def test_a_book_that_is_being_spoken_is_refused_as_well(provider: QueueProvider) -> None:
    book = new_job()
    await provider.add(book)
    claim = await claim_one(provider)
    with pytest.raises(DuplicateJob) as refusal:
        await provider.add(book)
    assert (refusal.value.job_id, refusal.value.status) == (claim.job.id, "processing")
    await handed_back(provider, claim.lease)
    with pytest.raises(DuplicateJob):
        await provider.add(book)


async def test_a_delayed_job_is_active(provider: QueueProvider) -> None:
    book = new_job(delay=LATER)
    await provider.add(book)
    with pytest.raises(DuplicateJob):
        await provider.add(replace(book, delay=2 * LATER, priority=1))


@pytest.mark.parametrize("end", FREES)
async def test_a_book_can_be_queued_again_after_its_job_has_ended(provider: QueueProvider, end: str) -> None:
    book = new_job()
    await provider.add(book)
    claim = await claim_one(provider)
    await FREES[end](provider, claim.lease)
    again = await provider.add(book)
    assert again.id != claim.job.id
    assert again.status is JobStatus.PENDING


async def test_a_pending_job_that_was_cancelled_no_longer_counts(provider: QueueProvider) -> None:
    book = new_job()
    await provider.cancel((await provider.add(book)).id)
    await provider.add(book)


@pytest.mark.parametrize(
    "difference",
    [
        {"user_id": STRANGER},
        {"work_id": str(uuid4())},
        {"job_type": JobType.SAMPLE},
        {"chapters": (chapter(0),)},
        {"chapters": (chapter(2), chapter(1), chapter(0))},
    ],
    ids=lambda difference: next(iter(difference)),
)
async def test_another_user_work_type_or_batch_is_another_job(
    provider: QueueProvider, difference: dict[str, Any]
) -> None:
    book = new_job()
    await provider.add(book)
    assert (await provider.add(replace(book, **difference))).status is JobStatus.PENDING


async def test_another_voice_or_text_is_still_the_same_job(provider: QueueProvider) -> None:
    book = new_job()
    await provider.add(book)
    revised = tuple(replace(chapter, text="Revised.", title="Revised") for chapter in book.chapters)
    with pytest.raises(DuplicateJob):
        await provider.add(replace(book, chapters=revised, max_attempts=9))


async def test_of_20_clicks_at_once_one_is_accepted(provider: QueueProvider, other: QueueProvider) -> None:
    book = new_job()
    answers = await asyncio.gather(
        *((provider, other)[click % 2].add(book) for click in range(20)), return_exceptions=True
    )
    (accepted,) = [answer for answer in answers if isinstance(answer, Job)]
    refusals = [answer for answer in answers if isinstance(answer, DuplicateJob)]
    assert len(refusals) == 19
    assert {(refusal.job_id, refusal.status) for refusal in refusals} == {(accepted.id, "pending")}
    assert (await provider.stats()).pending == 1


async def test_of_the_same_books_from_three_processes_one_each_is_accepted(
    store: Store, provider: QueueProvider
) -> None:
    numbers = list(range(60))
    async with children_on(store, 3) as children:
        await asyncio.gather(*(child.start("add_each", numbers=numbers) for child in children))
        answers = [await child.answer() for child in children]
    for number in numbers:
        outcomes = sorted(answer[number] for answer in answers)
        job_id = outcomes[0][1]
        assert outcomes == [["accepted", job_id], ["pending", job_id], ["pending", job_id]]
    assert (await provider.stats()).pending == len(numbers)


@pytest.mark.parametrize("end", ["failed", "cancelled"])
async def test_a_retry_is_refused_while_another_job_of_the_book_is_active(provider: QueueProvider, end: str) -> None:
    book = new_job()
    await provider.add(book)
    claim = await claim_one(provider)
    await FREES[end](provider, claim.lease)
    active = await provider.add(book)
    before = await snapshot(provider, claim.job.id)
    with pytest.raises(DuplicateJob) as refusal:
        await provider.retry(claim.job.id)
    assert (refusal.value.job_id, refusal.value.status) == (active.id, "pending")
    assert await snapshot(provider, claim.job.id) == before
    await provider.cancel(active.id)
    assert (await provider.retry(claim.job.id)).status is JobStatus.PENDING


async def test_a_retried_job_counts_as_active(provider: QueueProvider) -> None:
    book = new_job()
    job = await provider.add(book)
    await provider.cancel(job.id)
    await provider.retry(job.id)
    with pytest.raises(DuplicateJob) as refusal:
        await provider.add(book)
    assert refusal.value.job_id == job.id


async def test_of_a_retry_and_a_new_job_at_once_one_wins(provider: QueueProvider, other: QueueProvider) -> None:
    for _ in range(10):
        book = new_job()
        job = await provider.add(book)
        await provider.cancel(job.id)
        answers = await asyncio.gather(provider.retry(job.id), other.add(book), return_exceptions=True)
        (winner,) = [answer for answer in answers if isinstance(answer, Job)]
        (loser,) = [answer for answer in answers if isinstance(answer, DuplicateJob)]
        assert loser.job_id == winner.id
    assert (await provider.stats()).pending == 10


async def test_a_refused_job_leaves_no_trace(provider: QueueProvider) -> None:
    book = new_job()
    await provider.add(book)
    for _ in range(3):
        with pytest.raises(DuplicateJob):
            await provider.add(book)
    claim = await claim_one(provider)
    await provider.settle(Lease(claim.job.id, claim.lease.token), complete())
    assert await provider.claim("worker-1") == []
    claim = await claimed(provider)
    assert (await provider.stats()).processing == 1
