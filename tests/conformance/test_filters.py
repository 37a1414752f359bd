"""Lists of jobs that have something in common, and how many there are."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from ttsqueue.book import BookInfo
from ttsqueue.jobs import JobStatus
from ttsqueue.listing import JobFilter
from ttsqueue.outcome import Fail
from ttsqueue.provider import QueueProvider

from .samples import EVERYTHING, STRANGER, USER, add_many, claimed, new_job

ALL_WAYS = {
    "everybody": EVERYTHING,
    "of_a_user": JobFilter(user_id=USER),
    "in_a_state": JobFilter(statuses=frozenset({JobStatus.PENDING, JobStatus.FAILED})),
    "of_a_user_in_a_state": JobFilter(user_id=USER, statuses=frozenset({JobStatus.PENDING, JobStatus.FAILED})),
}
"""Each may be answered by a plan of its own; in these tests all of them show the same jobs."""

ways = pytest.mark.parametrize("base", ALL_WAYS.values(), ids=ALL_WAYS.keys())


async def found(provider: QueueProvider, which: JobFilter) -> list[str]:
    """Ids, newest first; and the count agrees."""
    shown: list[str] = []
    cursor = None
    while True:
        page = await provider.page(which, 2, cursor)
        shown += [job.id for job in page.jobs]
        cursor = page.next_cursor
        if cursor is None:
            assert await provider.count(which) == len(shown)
            return shown


@ways
async def test_jobs_are_found_by_why_they_failed(provider: QueueProvider, base: JobFilter) -> None:
    failed = []
    for code in ("voice", "disk", "voice", None):
        claim = await claimed(provider)
        await provider.settle(claim.lease, Fail("It failed.", code))
        failed.append(claim.job.id)
    await add_many(provider, 2)
    assert await found(provider, replace(base, error_code="voice")) == [failed[2], failed[0]]
    assert await found(provider, replace(base, error_code="oven")) == []


@ways
async def test_jobs_are_found_by_priority(provider: QueueProvider, base: JobFilter) -> None:
    added = [(await provider.add(new_job(1, priority=priority))).id for priority in (1, 5, 4, 10)]
    assert await found(provider, replace(base, priorities=frozenset({1, 2, 3, 4}))) == [added[2], added[0]]
    assert await found(provider, replace(base, priorities=frozenset())) == []


@ways
async def test_jobs_are_found_by_age(provider: QueueProvider, base: JobFilter) -> None:
    old = await add_many(provider, 3)
    await asyncio.sleep(0.005)
    first_new = await provider.add(new_job())
    await add_many(provider, 2)
    assert await found(provider, replace(base, created_before=first_new.created_at)) == old[::-1]


@ways
@pytest.mark.parametrize("text", ["über", "ÜBER", "fluss 100%", "_", "'"])
async def test_jobs_are_found_by_a_part_of_their_title(provider: QueueProvider, base: JobFilter, text: str) -> None:
    title = "Der Weg Über den Fluss 100% _ 'neu'"
    wanted = await provider.add(new_job(1, book=BookInfo(title)))
    await provider.add(new_job(1, book=BookInfo("Fluss 1000 Uber")))
    await add_many(provider, 1)
    assert await found(provider, replace(base, text=text)) == [wanted.id]


async def test_all_wishes_hold_together(provider: QueueProvider) -> None:
    book = BookInfo("The Tide Clock")
    wanted = await provider.add(new_job(1, priority=2, book=book))
    for near_miss in ({"priority": 3}, {"user_id": STRANGER}, {"book": BookInfo("The Clock")}):
        await provider.add(replace(new_job(1, priority=2, book=book), **near_miss))
    which = JobFilter(USER, wanted.work_id, frozenset({JobStatus.PENDING}), priorities=frozenset({2}), text="tide")
    assert await found(provider, which) == [wanted.id]
    assert await found(provider, replace(which, work_id=None)) == [wanted.id]


async def test_what_is_counted_is_what_there_is(provider: QueueProvider) -> None:
    assert await provider.count(EVERYTHING) == 0
    await add_many(provider, 5)
    assert await provider.count(EVERYTHING) == 5
    assert await provider.count(JobFilter(statuses=frozenset())) == 0
