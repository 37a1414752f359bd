"""A file is brought up to date when it is opened: once, whole, and never by two at a time."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from tests.conformance.processes import children_on
from tests.conformance.samples import new_job
from tests.conformance.store import STORES, Store
from ttsqueue.errors import StoreUnavailable
from ttsqueue.providers.sqlite import SqliteProvider, migrate
from ttsqueue.providers.sqlite.sql import migrations


def look(path: Path, question: str) -> object:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(question).fetchone()[0]


def with_one_more(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """As if this version came with one migration more."""
    scripts = (*migrations(), script)
    monkeypatch.setattr(migrate, "migrations", lambda: scripts)


async def test_a_new_file_says_whose_it_is_and_which_schema_it_has(provider: SqliteProvider, path: Path) -> None:
    assert look(path, "PRAGMA application_id") == migrate.APPLICATION_ID
    assert look(path, "PRAGMA user_version") == len(migrations())
    assert look(path, "PRAGMA journal_mode") == "wal"


async def test_only_the_owner_can_read_a_new_store(provider: SqliteProvider, path: Path) -> None:
    await provider.add(new_job())
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {
        "queue.db": 0o600,
        "queue.db-wal": 0o600,
        "queue.db-shm": 0o600,
    }


async def test_many_processes_may_open_a_new_file_at_once(path: Path) -> None:
    path.parent.mkdir()
    async with children_on(Store(STORES["sqlite"], str(path)), 4) as children:
        answers = await asyncio.gather(*(child.ask("add", number=n) for n, child in enumerate(children)))
    assert len(set(answers)) == 4
    assert look(path, "SELECT count(*) FROM tts_jobs") == 4


async def test_an_older_file_gets_the_missing_migration_and_keeps_its_jobs(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = SqliteProvider(path)
    await old.open()
    job = await old.add(new_job())
    await old.aclose()
    with_one_more(monkeypatch, "CREATE TABLE tts_extra (n);\nINSERT INTO tts_extra\nVALUES (7);\n")
    new = SqliteProvider(path)
    await new.open()
    assert await new.get(job.id) == job
    await new.aclose()
    assert look(path, "SELECT n FROM tts_extra") == 7
    assert look(path, "PRAGMA user_version") == len(migrations()) + 1


async def test_a_migration_that_fails_leaves_nothing_behind(
    provider: SqliteProvider, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_one_more(monkeypatch, "CREATE TABLE tts_extra (n);\nINSERT INTO tts_missing VALUES (1);\n")
    with pytest.raises(StoreUnavailable, match="tts_missing"):
        await SqliteProvider(path).open()
    assert look(path, "PRAGMA user_version") == len(migrations())
    assert look(path, "SELECT count(*) FROM sqlite_master WHERE name = 'tts_extra'") == 0
    await provider.add(new_job())


async def test_a_closed_provider_opens_again(provider: SqliteProvider) -> None:
    job = await provider.add(new_job())
    await provider.aclose()
    with pytest.raises(StoreUnavailable, match="not open"):
        await provider.get(job.id)
    await provider.open()
    assert await provider.get(job.id) == job
