"""Writes that wait together go to disk together, and no one of them can spoil the others."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import NoReturn

import pytest

from tests.conformance.samples import STRANGER, add_many, new_job
from ttsqueue.book import Chapter
from ttsqueue.errors import DuplicateJob, JobNotFound
from ttsqueue.jobs import Job
from ttsqueue.providers.sqlite import SqliteProvider
from ttsqueue.providers.sqlite.lane import LARGEST_BATCH
from ttsqueue.providers.sqlite.transaction import Transaction

SIZES = [10, 200_000, 10, 10, 300_000]


async def test_writes_of_one_turn_share_a_commit(provider: SqliteProvider) -> None:
    jobs = await asyncio.gather(*(provider.add(new_job(1)) for _ in range(64)))
    assert len({job.created_at for job in jobs}) <= 2, "the time is read once per commit; the first may go ahead alone"


async def test_writes_that_come_during_a_commit_share_the_next(provider: SqliteProvider) -> None:
    async def a_few() -> list[Job]:
        return [await provider.add(new_job(1)) for _ in range(10)]

    jobs = [job for few in await asyncio.gather(*(a_few() for _ in range(16))) for job in few]
    assert len({job.created_at for job in jobs}) < 40


async def test_a_flood_is_committed_in_parts(provider: SqliteProvider) -> None:
    jobs = await asyncio.gather(*(provider.add(new_job(1)) for _ in range(LARGEST_BATCH * 2)))
    assert 2 <= len({job.created_at for job in jobs}) <= 3
    assert (await provider.stats()).pending == LARGEST_BATCH * 2


async def test_a_group_keeps_the_order_in_which_it_was_asked_for(provider: SqliteProvider) -> None:
    jobs = await asyncio.gather(*(provider.add(new_job(1)) for _ in range(20)))
    claims = await provider.claim("worker", 20)
    assert [claim.job.id for claim in claims] == [job.id for job in jobs]


async def test_a_refused_write_leaves_the_others_in_its_group_alone(provider: SqliteProvider) -> None:
    twice = new_job()
    results = await asyncio.gather(
        *(provider.add(job) for job in (new_job(), twice, twice, new_job())), return_exceptions=True
    )
    assert [type(result) for result in results] == [Job, Job, DuplicateJob, Job]
    assert (await provider.stats()).pending == 3


async def test_of_many_new_jobs_only_the_repeated_ones_are_refused(provider: SqliteProvider) -> None:
    known = [new_job() for _ in range(70)]
    await asyncio.gather(*(provider.add(job) for job in known[::2]))
    results = await asyncio.gather(*(provider.add(job) for job in known), return_exceptions=True)
    assert [type(result) for result in results] == [DuplicateJob, Job] * 35
    for job, result in zip(known, results, strict=True):
        if isinstance(result, Job):
            assert await provider.payload(result.id) == job.payload
    assert (await provider.stats()).pending == 70


async def test_large_and_small_books_of_a_group_each_keep_their_own_text(provider: SqliteProvider) -> None:
    books = [replace(new_job(), chapters=(Chapter("ch1", f"{number} " * size),)) for number, size in enumerate(SIZES)]
    jobs = await asyncio.gather(*(provider.add(book) for book in books))
    assert [await provider.payload(job.id) for job in jobs] == [book.payload for book in books]


@pytest.mark.parametrize("error", [JobNotFound("x"), ZeroDivisionError()])
async def test_a_write_that_stops_half_way_leaves_no_trace(provider: SqliteProvider, error: Exception) -> None:
    (job_id,) = await add_many(provider, 1)

    def half(transaction: Transaction) -> NoReturn:
        transaction.run("delete_job", {"id": job_id})
        raise error

    results = await asyncio.gather(
        provider.add(new_job()), provider._write(half), provider.add(new_job()), return_exceptions=True
    )
    assert [type(result) for result in results] == [Job, type(error), Job]
    assert (await provider.stats()).pending == 3
    assert (await provider.get(job_id)).id == job_id


async def test_a_caller_that_goes_away_does_not_undo_its_group(provider: SqliteProvider) -> None:
    leaving = asyncio.ensure_future(provider.add(new_job(user_id=STRANGER)))
    staying = asyncio.ensure_future(provider.add(new_job()))
    await asyncio.sleep(0)
    leaving.cancel()
    job = await staying
    assert (await provider.get(job.id)) == job
    assert (await provider.stats()).pending == 2
    assert leaving.cancelled()


async def test_closing_waits_for_writes_that_were_accepted(provider: SqliteProvider) -> None:
    adding = [asyncio.ensure_future(provider.add(new_job())) for _ in range(5)]
    await asyncio.sleep(0)
    await provider.aclose()
    jobs = await asyncio.gather(*adding)
    await provider.open()
    assert [(await provider.get(job.id)).id for job in jobs] == [job.id for job in jobs]


async def test_closing_waits_for_questions_that_were_asked(provider: SqliteProvider) -> None:
    (job_id,) = await add_many(provider, 1)
    asking = [asyncio.ensure_future(provider.get(job_id)) for _ in range(5)]
    await asyncio.sleep(0)
    await provider.aclose()
    async with asyncio.timeout(1):
        assert {job.id for job in await asyncio.gather(*asking)} == {job_id}
