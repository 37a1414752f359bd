"""What `changes` needs besides the conformance suite: the counter behind it."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path

from tests.conformance.samples import add_many, new_job
from ttsqueue.providers.sqlite import SqliteProvider


async def test_nothing_is_missed_after_the_newest_job_was_deleted(provider: SqliteProvider, path: Path) -> None:
    other = SqliteProvider(path)
    await other.open()
    (job_id,) = await add_many(provider, 1)
    await provider.cancel(job_id)
    async with aclosing(other.changes()) as changes:
        await anext(changes)
        await provider.delete(job_id)
        job = await provider.add(new_job())
        heard: set[str] = set()
        async with asyncio.timeout(1):
            while heard != {job_id, job.id}:
                heard |= await anext(changes)
    await other.aclose()


async def test_one_poller_serves_all_and_stops_with_the_last(provider: SqliteProvider) -> None:
    async with aclosing(provider.changes()) as first, aclosing(provider.changes()) as second:
        await anext(first)
        await anext(second)
        (job_id,) = await add_many(provider, 1)
        poller = provider._store._polling._poller
        assert poller is not None
        assert await anext(first) == await anext(second) == {job_id}
        assert provider._store._polling._poller is poller
    await asyncio.wait_for(poller, 1)


async def test_closing_ends_the_watching(provider: SqliteProvider) -> None:
    changes = provider.changes()
    await anext(changes)
    rest = asyncio.ensure_future(anext(changes, None))
    await asyncio.sleep(0)
    await provider.aclose()
    assert await asyncio.wait_for(rest, 1) is None
