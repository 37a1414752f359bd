"""A back catalogue is handed over in one call; each of its books is queued or refused by itself."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from ttsqueue.errors import DuplicateJob, InvalidJob, StoreUnavailable
from ttsqueue.jobs import JobStatus
from ttsqueue.provider import QueueProvider
from ttsqueue.queue import TTSQueue

from .samples import EVERYTHING, WORKER, chapter, claim_one, new_job, numbered_job
from .store import Store

MANY = 1_200
"""More than go into one statement anywhere."""


async def test_all_are_stored_and_claimed_in_the_order_in_which_they_were_handed_over(provider: QueueProvider) -> None:
    ids = await provider.add_many([numbered_job(number) for number in range(MANY)])
    assert len(set(ids)) == MANY
    assert (await provider.stats()).pending == MANY
    claims = [claim.job.id for claim in await provider.claim(WORKER, MANY)]
    assert claims == ids


async def test_a_job_of_many_is_stored_as_one_that_comes_alone(provider: QueueProvider) -> None:
    book = new_job(2, priority=2, max_attempts=7, delay=timedelta(hours=1))
    (job_id,) = await provider.add_many([book])
    alone = await provider.add(replace(book, chapters=(chapter(7), chapter(8))))
    job = await provider.get(str(job_id))
    times = alone.created_at, alone.updated_at, alone.run_at
    as_alone = replace(job, id=alone.id, created_at=times[0], updated_at=times[1], run_at=times[2])
    assert as_alone == alone
    assert (await provider.payload(job.id)).chapters == book.chapters
    assert job.run_at - job.created_at == timedelta(hours=1)


async def test_each_is_refused_by_itself(provider: QueueProvider) -> None:
    waiting, new, other = new_job(), new_job(), new_job()
    known = await provider.add(waiting)
    outcomes = await provider.add_many([new, waiting, replace(new_job(), priority=11), new, other])
    first, duplicate, invalid, twin, last = outcomes
    assert isinstance(duplicate, DuplicateJob)
    assert (duplicate.job_id, duplicate.status) == (known.id, "pending")
    assert isinstance(invalid, InvalidJob)
    assert isinstance(twin, DuplicateJob)
    assert twin.job_id == first
    assert (await provider.get(str(last))).work_id == other.work_id
    assert await provider.count(EVERYTHING) == 3


async def test_none_at_all_is_fine(provider: QueueProvider) -> None:
    assert await provider.add_many([]) == []


async def test_two_that_hand_over_the_same_books_at_once_queue_each_once(
    provider: QueueProvider, other: QueueProvider
) -> None:
    books = [numbered_job(number) for number in range(300)]
    one, two = await asyncio.gather(provider.add_many(books), other.add_many(books[::-1]))
    for mine, theirs in zip(one, two[::-1], strict=True):
        refused, added = (mine, theirs) if isinstance(mine, DuplicateJob) else (theirs, mine)
        assert isinstance(refused, DuplicateJob)
        assert refused.job_id == added
    assert (await provider.stats()).pending == len(books)


async def test_a_sleeping_worker_wakes(provider: QueueProvider, other: QueueProvider) -> None:
    await other.wait_for_work(0.01)
    sleeper = asyncio.create_task(other.wait_for_work(30))
    await asyncio.sleep(0.1)
    await provider.add_many([new_job(), new_job()])
    await asyncio.wait_for(sleeper, 3)
    await claim_one(other)


async def test_the_queue_checks_each_book_as_it_checks_a_single_one(provider: QueueProvider) -> None:
    queue = TTSQueue(provider, max_attempts=5)
    empty, good = replace(new_job(), chapters=()), new_job()
    refusal, job_id, again = await queue.add_jobs([empty, good, good])
    assert isinstance(refusal, InvalidJob)
    assert isinstance(again, DuplicateJob)
    job = await queue.get_job(str(job_id))
    assert (job.status, job.max_attempts, again.job_id) == (JobStatus.PENDING, 5, job.id)


async def test_a_closed_store_refuses_the_whole_call(store: Store) -> None:
    async with store.opened() as provider:
        pass
    with pytest.raises(StoreUnavailable):
        await provider.add_many([new_job()])
