"""Behind a transaction pooler all goes on, without LISTEN and without prepared statements."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from time import monotonic

import psycopg
import pytest

from tests.conformance.samples import add_many, claimed, complete, new_job
from tests.postgres.pooler import pooled
from ttsqueue.errors import JobNotFound
from ttsqueue.jobs import JobStatus, Progress
from ttsqueue.providers.postgres import PostgresProvider
from ttsqueue.providers.postgres.connection import connect, is_pooled
from ttsqueue.queue import TTSQueue


@pytest.fixture
async def pooler(url: str) -> AsyncIterator[str]:
    """Of the same database."""
    async with pooled(url) as through_pooler:
        yield through_pooler


@pytest.fixture
async def far(pooler: str) -> AsyncIterator[PostgresProvider]:
    provider = PostgresProvider(pooler)
    await provider.open()
    yield provider
    await provider.aclose()


async def test_a_pooler_is_told_from_a_server(url: str, pooler: str) -> None:
    async with await connect(url) as near, await connect(pooler) as through:
        assert not is_pooled(near)
        assert is_pooled(through)


async def test_a_job_lives_its_life_through_a_pooler(far: PostgresProvider) -> None:
    claim = await claimed(far)
    for percent in range(20):  # far more often than a statement is sent before it would be prepared
        await far.update_progress(claim.lease, Progress(percent, None, None, None))
        assert (await far.get(claim.job.id)).progress_percent == percent
    assert await far.heartbeat([claim.lease]) == frozenset()
    assert (await far.settle(claim.lease, complete())).status is JobStatus.COMPLETED
    assert [change.status for change in await far.history(claim.job.id)] == ["pending", "processing", "completed"]
    assert [attempt.outcome for attempt in await far.attempts(claim.job.id)] == ["completed"]


async def test_many_writers_share_a_pooler(far: PostgresProvider) -> None:
    job_ids = [job_id for added in await asyncio.gather(*(add_many(far, 10) for _ in range(8))) for job_id in added]
    claims = await far.claim("w", 100)
    await asyncio.gather(*(far.settle(claim.lease, complete()) for claim in claims))
    assert sorted(claim.job.id for claim in claims) == sorted(job_ids)
    assert (await far.stats()).completed == 80


async def test_what_others_do_is_heard_within_a_second(far: PostgresProvider, provider: PostgresProvider) -> None:
    changes = far.changes()
    await anext(changes)
    await far.wait_for_work(0.01)
    start = monotonic()
    added = await provider.add(new_job())
    await far.wait_for_work(20)
    assert monotonic() - start < 1
    heard = await asyncio.wait_for(anext(changes), 1)
    assert added.id in heard
    await changes.aclose()


async def test_who_watches_behind_a_pooler_learns_that_a_job_was_cancelled_and_deleted_at_once(
    far: PostgresProvider, provider: PostgresProvider
) -> None:
    far.longest_silence = 0.3
    job = await provider.add(new_job())
    async with aclosing(TTSQueue(far).watch(job.id)) as states, asyncio.timeout(5):
        assert (await anext(states)).id == job.id
        await provider.cancel(job.id)
        await provider.delete(job.id)
        with suppress(JobNotFound):
            assert [job.status async for job in states][-1] is JobStatus.CANCELLED  # for whoever looked in between


async def test_who_listens_hears_at_once_what_is_done_through_a_pooler(
    far: PostgresProvider, provider: PostgresProvider
) -> None:
    await provider.wait_for_work(0.01)
    nap = asyncio.create_task(provider.wait_for_work(20))
    await asyncio.sleep(0.05)
    start = monotonic()
    await far.add(new_job())
    await nap
    assert monotonic() - start < 0.4


async def test_nothing_of_ours_stays_behind_on_a_connection_of_the_pooler(far: PostgresProvider, pooler: str) -> None:
    await add_many(far, 5)
    async with await psycopg.AsyncConnection.connect(pooler, autocommit=True, prepare_threshold=None) as somebody:
        for _ in range(4):
            cursor = await somebody.execute("SELECT coalesce(current_setting('tts.quiet', true), '')")
            assert await cursor.fetchall() == [("",)]
            cursor = await somebody.execute("SELECT count(*) FROM pg_prepared_statements")
            assert await cursor.fetchall() == [(0,)]
