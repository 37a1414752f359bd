"""Whoever asks for one job does not wait for somebody else's search."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.conformance.samples import USER, add_many
from ttsqueue.jobs import JobStatus
from ttsqueue.listing import JobFilter
from ttsqueue.providers.sqlite import SqliteProvider

Read = Callable[[SqliteProvider], Awaitable[object]]


def listing(**wishes: object) -> Read:
    return lambda provider: provider.page(JobFilter(**wishes), 10)  # type: ignore[arg-type]


LONG: dict[str, Read] = {
    "count": lambda provider: provider.count(JobFilter()),
    "activity": lambda provider: provider.activity(timedelta(days=7), 84),
    "text": listing(text="tide"),
    "error": listing(statuses=frozenset({JobStatus.FAILED}), error_code="disk"),
    "tier": listing(user_id=USER, priorities=frozenset({1})),
    "age": listing(created_before=datetime(2026, 1, 1, tzinfo=UTC)),
    "pending": listing(statuses=frozenset({JobStatus.PENDING})),
}
QUICK: dict[str, Read] = {
    "next due": lambda provider: provider.next_due(),
    "stats": lambda provider: provider.stats(),
    "all": listing(),
    "ended": listing(statuses=frozenset({JobStatus.FAILED})),
    "active of a user": listing(user_id=USER, statuses=frozenset({JobStatus.PENDING})),
}


@pytest.fixture
async def release(provider: SqliteProvider) -> AsyncIterator[Callable[[], None]]:
    """Somebody searches for very long, until this is called."""
    found = threading.Event()
    provider._store.searching.run(lambda _: found.wait())
    yield found.set
    found.set()


@pytest.mark.parametrize("read", LONG.values(), ids=LONG)
async def test_a_long_read_waits_for_the_one_before(
    provider: SqliteProvider, release: Callable[[], None], read: Read
) -> None:
    (job_id,) = await add_many(provider, 1)
    reading = asyncio.ensure_future(read(provider))
    assert (await asyncio.wait_for(provider.get(job_id), 2)).id == job_id
    assert not reading.done()
    release()
    await reading


@pytest.mark.parametrize("read", QUICK.values(), ids=QUICK)
async def test_a_quick_read_waits_for_no_long_one(
    provider: SqliteProvider, release: Callable[[], None], read: Read
) -> None:
    await asyncio.wait_for(read(provider), 2)
