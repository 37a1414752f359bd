"""Programs and schemas of several versions at once, as while a new one is being deployed."""

from __future__ import annotations

import asyncio
import os
import sys

import psycopg
import pytest

from tests.conformance.samples import WORKER, add_many, complete
from tests.postgres_server import empty_database
from ttsqueue.errors import StoreTooNew, StoreUnavailable
from ttsqueue.providers.postgres import PostgresProvider
from ttsqueue.providers.postgres.sql import SCHEMA_VERSION, schema
from ttsqueue.schema_state import SchemaState

NEWER = """
UPDATE tts_queue SET schema_version = schema_version + 1;
ALTER TABLE tts_jobs ADD COLUMN mood text NOT NULL DEFAULT 'calm';
CREATE TABLE tts_moods (mood text PRIMARY KEY);
DROP FUNCTION public.claim_next_tts_job(text);
CREATE FUNCTION public.claim_next_tts_job(worker_id_param text, mood_param text DEFAULT 'calm')
    RETURNS SETOF public.tts_jobs LANGUAGE sql AS 'SELECT * FROM public.tts_jobs WHERE false';
"""
"""What the next version of the schema may do: it adds."""


async def test_a_worker_keeps_working_while_a_newer_schema_is_deployed(
    provider: PostgresProvider, plain: psycopg.Connection
) -> None:
    await add_many(provider, 2)
    (first,) = await provider.claim(WORKER)
    with plain.transaction():
        plain.execute(NEWER)
    await provider.settle(first.lease, complete())
    (second,) = await provider.claim(WORKER)
    await provider.settle(second.lease, complete())
    assert (await provider.stats()).completed == 2


async def test_a_worker_of_the_older_version_that_is_started_again_works_too(
    provider: PostgresProvider, plain: psycopg.Connection, url: str
) -> None:
    plain.execute(NEWER)
    again = PostgresProvider(url)
    await again.open()
    await add_many(again, 1)
    assert len(await again.claim(WORKER)) == 1
    assert (await again.schema_state()).installed == SCHEMA_VERSION + 1
    await again.aclose()


async def test_a_schema_that_older_programs_would_damage_keeps_them_out(
    provider: PostgresProvider, plain: psycopg.Connection, url: str
) -> None:
    plain.execute("UPDATE tts_queue SET schema_version = 3, usable_from = 2")
    again = PostgresProvider(url)
    with pytest.raises(StoreTooNew, match="newer ttsqueue"):
        await again.open()
    assert await again.schema_state() == SchemaState(3, SCHEMA_VERSION, 2)


async def test_the_file_of_an_older_version_takes_nothing_back(
    provider: PostgresProvider, plain: psycopg.Connection
) -> None:
    plain.execute("UPDATE tts_queue SET schema_version = 3, usable_from = 2")
    plain.execute(schema())
    assert await provider.schema_state() == SchemaState(3, SCHEMA_VERSION, 2)


async def test_columns_that_came_after_the_schema_are_used_when_a_program_starts(
    provider: PostgresProvider, plain: psycopg.Connection, url: str
) -> None:
    """The guide's order: the schema first, then the column."""
    plain.execute("CREATE TABLE profiles (id uuid PRIMARY KEY)")
    assert not (await provider.schema_state()).is_behind
    plain.execute("ALTER TABLE profiles ADD COLUMN IF NOT EXISTS is_premium BOOLEAN DEFAULT FALSE")
    assert (await provider.schema_state()).is_behind
    again = PostgresProvider(url)
    await again.open()
    await again.aclose()
    assert await provider.schema_state() == SchemaState(SCHEMA_VERSION, SCHEMA_VERSION)
    plain.execute("CREATE TABLE works (id uuid PRIMARY KEY, user_id uuid, tts_job_id uuid)")
    assert (await migrate(url))[1] == (
        "The store has version 1; now it is version 1 with the columns of your tables.\n"
    )
    assert not (await provider.schema_state()).is_behind


async def test_a_column_that_cannot_be_used_keeps_nobody_away(
    provider: PostgresProvider, plain: psycopg.Connection, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    plain.execute("CREATE TABLE profiles (id uuid PRIMARY KEY, is_premium boolean)")
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE profiles")
        again = PostgresProvider(url)
        await again.open()
        await add_many(again, 1)
        await again.aclose()
    assert "is locked by another program" in caplog.text
    assert (await provider.schema_state()).is_behind


async def test_a_newer_schema_is_left_alone_whatever_columns_there_are(
    provider: PostgresProvider, plain: psycopg.Connection, url: str
) -> None:
    plain.execute("CREATE TABLE profiles (id uuid PRIMARY KEY, is_premium boolean)")
    plain.execute(NEWER)
    again = PostgresProvider(url)
    await again.open()
    await again.aclose()
    assert plain.execute("SELECT count(*) FROM pg_trigger WHERE tgname = 'tts_guard_premium'").fetchone() == (0,)
    assert not (await provider.schema_state()).is_behind


async def test_four_processes_that_migrate_an_empty_database_at_once_do_it_once() -> None:
    with empty_database() as url:
        programs = await asyncio.gather(*(migrate(url) for _ in range(4)))
    assert [code for code, _ in programs] == [0, 0, 0, 0]
    assert {said.split(";")[0].split(":")[0] for _, said in programs} <= {"The store is empty", "Up to date already"}
    assert any(said == "The store is empty; now it is version 1.\n" for _, said in programs)


async def test_who_may_not_make_tables_is_told_whom_to_ask() -> None:
    with empty_database() as url, psycopg.connect(url, autocommit=True) as admin:
        admin.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        admin.execute("DROP ROLE IF EXISTS tts_guest")
        admin.execute("CREATE ROLE tts_guest LOGIN")
        try:
            guest = PostgresProvider(psycopg.conninfo.make_conninfo(url, user="tts_guest"))
            with pytest.raises(StoreUnavailable, match="connect as the owner"):
                await guest.open()
            assert (await guest.schema_state()).installed == 0
        finally:
            admin.execute("DROP ROLE tts_guest")


async def test_a_table_that_somebody_has_locked_is_told_in_one_sentence(
    provider: PostgresProvider, plain: psycopg.Connection, url: str
) -> None:
    plain.execute("UPDATE tts_queue SET schema_version = 0")
    with plain.transaction():
        plain.execute("LOCK TABLE tts_jobs IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(StoreUnavailable, match="locked by another program"):
            await PostgresProvider(url).open()
    await provider.open()


async def migrate(url: str) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ttsqueue.cli", "migrate"),
        env={**os.environ, "DATABASE_URL": url, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()
