"""Lists show jobs newest first, page by page, and stay stable while jobs come in."""

from __future__ import annotations

from uuid import uuid4

import pytest

from ttsqueue.errors import InvalidJob
from ttsqueue.jobs import JobStatus
from ttsqueue.listing import JobFilter
from ttsqueue.provider import QueueProvider

from .samples import EVERYTHING, FAIL, LATER, STRANGER, USER, add_many, claim_one, complete, new_job


async def pages(provider: QueueProvider, which: JobFilter, limit: int, cursor: str | None = None) -> list[list[str]]:
    """Ids on each page, to the last one."""
    read = []
    for _ in range(50):
        page = await provider.page(which, limit, cursor)
        read.append([job.id for job in page.jobs])
        cursor = page.next_cursor
        if cursor is None:
            return read
    raise AssertionError("there is no last page")


async def whole(provider: QueueProvider, which: JobFilter, limit: int, cursor: str | None = None) -> list[str]:
    """Ids on all pages together."""
    return [job_id for page in await pages(provider, which, limit, cursor) for job_id in page]


async def test_an_empty_store_has_one_empty_page(provider: QueueProvider) -> None:
    assert await pages(provider, EVERYTHING, 20) == [[]]


async def test_the_newest_job_is_first_whatever_its_priority_or_delay(provider: QueueProvider) -> None:
    added = [
        *await add_many(provider, 2, priority=1),
        *await add_many(provider, 2, delay=LATER),
        *await add_many(provider, 2, priority=10),
    ]
    assert await pages(provider, EVERYTHING, 20) == [added[::-1]]


@pytest.mark.parametrize("limit", [1, 3, 4, 11, 12, 13])
async def test_the_pages_together_hold_every_job_once(provider: QueueProvider, limit: int) -> None:
    added = await add_many(provider, 12)
    *full, last = await pages(provider, EVERYTHING, limit)
    assert [job_id for page in (*full, last) for job_id in page] == added[::-1]
    assert all(len(page) == limit for page in full)
    assert 0 < len(last) <= limit


async def test_jobs_that_come_in_do_not_move_the_pages(provider: QueueProvider) -> None:
    added = await add_many(provider, 9)
    first = await provider.page(EVERYTHING, limit=3)
    await add_many(provider, 5)
    later = await whole(provider, EVERYTHING, 3, first.next_cursor)
    assert [job.id for job in first.jobs] + later == added[::-1]


async def test_jobs_that_are_deleted_do_not_move_the_pages(provider: QueueProvider) -> None:
    added = await add_many(provider, 9)
    first = await provider.page(EVERYTHING, limit=3)
    for job_id in added[-3:]:
        await provider.cancel(job_id)
        await provider.delete(job_id)
    assert await whole(provider, EVERYTHING, 3, first.next_cursor) == added[:-3][::-1]


async def test_working_on_a_job_does_not_move_it(provider: QueueProvider) -> None:
    added = await add_many(provider, 3)
    claim = await claim_one(provider)
    await provider.settle(claim.lease, FAIL)
    await provider.retry(claim.job.id)
    assert await pages(provider, EVERYTHING, 2) == [[added[2], added[1]], [added[0]]]


async def test_a_list_of_one_user_shows_nobody_elses_jobs(provider: QueueProvider) -> None:
    mine, theirs = [], []
    for _ in range(5):
        mine += await add_many(provider, 1)
        theirs += await add_many(provider, 2, user_id=STRANGER)
    assert await whole(provider, JobFilter(user_id=USER), 2) == mine[::-1]
    assert await whole(provider, JobFilter(user_id=STRANGER), 3) == theirs[::-1]
    assert await pages(provider, JobFilter(user_id=str(uuid4())), 3) == [[]]


async def test_a_list_of_one_work_shows_all_its_jobs(provider: QueueProvider) -> None:
    work = str(uuid4())
    book = await provider.add(new_job(3, work_id=work))
    await add_many(provider, 2)
    batch = await provider.add(new_job(2, work_id=work))
    theirs = await provider.add(new_job(3, work_id=work, user_id=STRANGER))
    assert await pages(provider, JobFilter(work_id=work), 2) == [[theirs.id, batch.id], [book.id]]
    mine = JobFilter(user_id=USER, work_id=work)
    assert await pages(provider, mine, 2) == [[batch.id, book.id]]


async def test_a_list_shows_the_states_asked_for(provider: QueueProvider) -> None:
    added = await add_many(provider, 5)
    claims = await provider.claim("worker-1", limit=3)
    await provider.settle(claims[0].lease, complete(1))
    await provider.settle(claims[1].lease, FAIL)
    await provider.cancel(added[4])
    by_status = {status: await whole(provider, JobFilter(statuses=frozenset({status})), 2) for status in JobStatus}
    assert by_status == {
        JobStatus.COMPLETED: [added[0]],
        JobStatus.FAILED: [added[1]],
        JobStatus.PROCESSING: [added[2]],
        JobStatus.PENDING: [added[3]],
        JobStatus.CANCELLED: [added[4]],
    }
    ended = JobFilter(user_id=USER, statuses=frozenset(status for status in JobStatus if status.is_final))
    assert await pages(provider, ended, 2) == [[added[4], added[1]], [added[0]]]


async def test_a_list_of_no_state_is_empty(provider: QueueProvider) -> None:
    await add_many(provider, 1)
    assert await pages(provider, JobFilter(statuses=frozenset()), 2) == [[]]


FOREIGN = ["", "0", "-1", "1", "next", "2026-01-01T00:00:00Z", "é", "'; --", "AAAA", "bm9wZQ==", "9" * 60, "null"]


@pytest.mark.parametrize("cursor", FOREIGN)
async def test_a_foreign_cursor_is_refused(provider: QueueProvider, cursor: str) -> None:
    await add_many(provider, 3)
    with pytest.raises(InvalidJob):
        await provider.page(EVERYTHING, 2, cursor)


async def test_a_damaged_cursor_is_refused(provider: QueueProvider) -> None:
    await add_many(provider, 3)
    cursor = (await provider.page(EVERYTHING, limit=2)).next_cursor
    assert cursor is not None
    for damaged in (cursor[:-1], cursor + "x", cursor + " ", " " + cursor, cursor[1:]):
        with pytest.raises(InvalidJob):
            await provider.page(EVERYTHING, 2, damaged)


async def test_a_listed_job_is_the_job(provider: QueueProvider) -> None:
    job = await provider.add(new_job())
    (listed,) = (await provider.page(EVERYTHING, 1)).jobs
    assert listed == job == await provider.get(job.id)
