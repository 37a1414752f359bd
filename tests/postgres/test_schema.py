"""docs/tts-queue-schema.sql, and rows that are written by plain SQL."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.conformance.samples import STRANGER, USER, claimed, new_job
from tests.postgres_server import empty_database
from ttsqueue.active_key import active_key
from ttsqueue.errors import DuplicateJob, LeaseLost, StoreTooNew
from ttsqueue.jobs import Job, JobStatus, JobType
from ttsqueue.providers.postgres import PostgresProvider
from ttsqueue.providers.postgres.sql import schema

WORK = str(uuid4())
PAYLOAD = {"chapters": [{"id": "é1", "title": "Eins", "text": "Es war einmal."}], "title": "Das Buch"}


def run_sql(url: str, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement.encode(), values or None)
        return cursor.fetchall() if cursor.description else []


def insert(url: str, user_id: str = USER) -> str:
    statement = "INSERT INTO tts_jobs (work_id, user_id, job_type, payload) VALUES (%s, %s, %s, %s) RETURNING id"
    return str(run_sql(url, statement, WORK, user_id, "full_book", json.dumps(PAYLOAD))[0][0])


async def test_a_database_without_the_schema_gets_it_when_several_open_it_at_once() -> None:
    with empty_database() as url:
        providers = [PostgresProvider(url) for _ in range(4)]
        await asyncio.gather(*(provider.open() for provider in providers))
        await asyncio.gather(*(provider.add(new_job()) for provider in providers))
        assert (await providers[0].stats()).pending == 4
        await asyncio.gather(*(provider.aclose() for provider in providers))


async def test_running_the_schema_again_does_no_harm(provider: PostgresProvider, url: str) -> None:
    job = await provider.add(new_job())
    run_sql(url, schema())
    assert await provider.get(job.id) == job
    assert (await provider.stats()).pending == 1


async def test_a_newer_schema_is_not_touched(url: str) -> None:
    run_sql(url, "UPDATE tts_queue SET schema_version = 99, usable_from = 99")
    with pytest.raises(StoreTooNew, match="newer ttsqueue"):
        await PostgresProvider(url).open()
    assert run_sql(url, "SELECT schema_version FROM tts_queue") == [(99,)]


async def test_a_row_of_plain_sql_becomes_a_whole_job(provider: PostgresProvider, url: str) -> None:
    job = await provider.get(insert(url))
    assert (job.title, job.total_chapters, job.status, job.max_attempts) == ("Das Buch", 1, JobStatus.PENDING, 3)
    (chapter,) = await provider.chapters(job.id)
    assert (chapter.chapter_id, chapter.title, chapter.characters) == ("é1", "Eins", 14)
    assert (await provider.payload(job.id)).chapters[0].text == "Es war einmal."
    assert (await provider.stats()).pending == 1
    assert [claim.job.id for claim in await provider.claim("worker-1")] == [job.id]


async def test_sql_computes_the_same_key_as_python(url: str) -> None:
    (row,) = run_sql(url, "SELECT active_key FROM tts_jobs WHERE id = %s", insert(url))
    assert row == (active_key(USER, WORK, JobType.FULL_BOOK, ["é1"]),)
    with pytest.raises(psycopg.errors.UniqueViolation):
        insert(url)
    insert(url, STRANGER)


async def test_a_row_of_plain_sql_wakes_who_sleeps_and_is_heard_of(provider: PostgresProvider, url: str) -> None:
    changes = provider.changes()
    assert await anext(changes) == frozenset()
    await provider.wait_for_work(0.01)
    nap = asyncio.create_task(provider.wait_for_work(20))
    await asyncio.sleep(0.05)
    job_id = await asyncio.to_thread(insert, url)
    await asyncio.wait_for(nap, 1)
    async with asyncio.timeout(1):
        assert job_id in await anext(changes)
    await changes.aclose()


async def test_a_status_changed_by_hand_takes_the_job_from_its_worker(provider: PostgresProvider, url: str) -> None:
    claim = await claimed(provider)
    run_sql(url, "UPDATE tts_jobs SET status = 'cancelled' WHERE id = %s", claim.job.id)
    assert await provider.lost([claim.lease]) == {claim.lease}
    with pytest.raises(LeaseLost):
        await provider.freeze_voice(claim.lease, "espeak:en")
    job = await provider.get(claim.job.id)
    assert (job.status, job.completed_at is None) == (JobStatus.CANCELLED, False)
    assert [attempt.outcome for attempt in await provider.attempts(job.id)] == ["cancelled"]
    assert [change.status for change in await provider.history(job.id)][-1] is JobStatus.CANCELLED
    assert run_sql(url, "SELECT lease_taken FROM tts_jobs") == [(True,)]


async def test_a_failed_job_put_back_by_hand_starts_anew(provider: PostgresProvider, url: str) -> None:
    claim = await claimed(provider, max_attempts=1)
    run_sql(url, "UPDATE tts_jobs SET status = 'failed', error_message = 'x' WHERE id = %s", claim.job.id)
    run_sql(url, "UPDATE tts_jobs SET status = 'pending' WHERE id = %s", claim.job.id)
    job = await provider.get(claim.job.id)
    assert (job.attempts, job.error_message, job.completed_at, job.worker_id) == (0, None, None, None)
    assert (await provider.stats()).pending == 1
    assert len(await provider.claim("worker-2")) == 1


async def test_a_twin_by_plain_sql_is_named_to_the_next(provider: PostgresProvider, url: str) -> None:
    job: Job = await provider.add(new_job(1))
    run_sql(url, "UPDATE tts_jobs SET active_key = %s", active_key(USER, WORK, JobType.FULL_BOOK, ["ch1"]))
    with pytest.raises(DuplicateJob) as refusal:
        await provider.add(new_job(1, work_id=WORK))
    assert refusal.value.job_id == job.id
