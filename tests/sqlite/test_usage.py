"""What the file keeps for a time, and how it is forgotten."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from tests.conformance.samples import USER, claimed, complete, new_job, spoken
from ttsqueue.activity import ACTIVITY_KEPT
from ttsqueue.providers.sqlite import SqliteProvider

DAY = timedelta(days=1)


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def number_of_rows(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def longer_ago(path: Path, table: str, column: str, span: timedelta, unit: timedelta) -> None:
    change(path, f"UPDATE {table} SET {column} = {column} - {span // unit}")


async def test_usage_of_deleted_jobs_is_forgotten_after_a_day(provider: SqliteProvider, path: Path) -> None:
    job = await provider.add(new_job())
    await provider.cancel(job.id)
    await provider.delete(job.id)
    longer_ago(path, "tts_usage", "added_at", DAY - timedelta(minutes=1), timedelta(microseconds=1))
    await provider.prune()
    assert number_of_rows(path, "tts_usage") == 1
    longer_ago(path, "tts_usage", "added_at", timedelta(minutes=2), timedelta(microseconds=1))
    await provider.prune()
    assert number_of_rows(path, "tts_usage") == 0


async def test_deleting_an_old_job_leaves_nothing_behind(provider: SqliteProvider, path: Path) -> None:
    job = await provider.add(new_job())
    await provider.cancel(job.id)
    longer_ago(path, "tts_jobs", "created_at", DAY + timedelta(minutes=1), timedelta(microseconds=1))
    await provider.delete(job.id)
    assert number_of_rows(path, "tts_usage") == 0


async def test_a_job_of_long_ago_is_not_counted_and_hides_none(provider: SqliteProvider, path: Path) -> None:
    old = await provider.add(new_job(3))
    await provider.cancel(old.id)
    longer_ago(path, "tts_jobs", "created_at", DAY * 2, timedelta(microseconds=1))
    new = await provider.add(new_job(1))
    (chapter,) = await provider.chapters(new.id)
    assert await provider.characters_since(USER, DAY) == chapter.characters


async def test_activity_is_forgotten_after_its_time(provider: SqliteProvider, path: Path) -> None:
    claim = await claimed(provider)
    await provider.save_chapter(claim.lease, spoken(0))
    await provider.settle(claim.lease, complete())
    for table in ("tts_activity", "tts_waits"):
        longer_ago(path, table, "minute", ACTIVITY_KEPT - timedelta(minutes=5), timedelta(minutes=1))
        await provider.prune()
        assert number_of_rows(path, table) > 0
        longer_ago(path, table, "minute", timedelta(minutes=10), timedelta(minutes=1))
        await provider.prune()
        assert number_of_rows(path, table) == 0


async def test_what_was_done_yesterday_stands_in_its_own_step(provider: SqliteProvider, path: Path) -> None:
    claim = await claimed(provider)
    await provider.settle(claim.lease, complete())
    for table in ("tts_activity", "tts_waits"):
        longer_ago(path, table, "minute", DAY, timedelta(minutes=1))
    assert [bucket.completed for bucket in (await provider.activity(DAY, 2)).buckets] == [0, 0]
    week = (await provider.activity(7 * DAY, 7)).buckets
    assert [bucket.completed for bucket in week] == [bucket.free.jobs for bucket in week] == [0, 0, 0, 0, 0, 1, 0]
