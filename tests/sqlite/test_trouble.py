"""The file is locked, full, damaged or gone: one sentence, and work goes on when the cause is over."""

from __future__ import annotations

import asyncio
import os
import resource
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conformance.samples import add_many, new_job
from ttsqueue.book import Chapter
from ttsqueue.errors import StoreUnavailable
from ttsqueue.jobs import NewJob
from ttsqueue.providers.sqlite import SqliteProvider, connection, patience


def long_book() -> NewJob:
    """A megabyte."""
    return replace(new_job(), chapters=(Chapter("long", "All work and no play. " * 50_000),))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program writes and does not finish."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def files_may_not_grow_beyond(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_lock_that_lasts_is_named_and_nothing_is_kept_waiting_after_it(
    provider: SqliteProvider, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 0.2)
    with locked(path):
        with pytest.raises(StoreUnavailable, match=r"queue\.db is locked by another program; close that program"):
            await provider.add(new_job())
        assert (await provider.stats()).pending == 0, "reading goes on"
    await provider.add(new_job())
    assert (await provider.stats()).pending == 1


async def test_a_short_lock_is_waited_for(provider: SqliteProvider, path: Path) -> None:
    with locked(path):
        adding = asyncio.ensure_future(provider.add(new_job()))
        await asyncio.sleep(0.2)
        assert not adding.done()
    await asyncio.wait_for(adding, 0.5)


async def test_a_full_store_is_named_and_works_again_once_there_is_room(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_PRAGMAS", (*connection._PRAGMAS, "PRAGMA max_page_count = 400"))
    provider = SqliteProvider(path)
    await provider.open()
    large = await provider.add(long_book())
    with pytest.raises(StoreUnavailable, match=r"queue\.db cannot grow because its disk is full; free some space"):
        await provider.add(long_book())
    await provider.cancel(large.id)
    await provider.delete(large.id)
    await provider.add(long_book())
    assert (await provider.stats()).pending == 1
    await provider.aclose()


async def test_a_book_too_large_for_the_disk_fails_alone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_PRAGMAS", (*connection._PRAGMAS, "PRAGMA max_page_count = 150"))
    provider = SqliteProvider(path)
    await provider.open()
    books = [new_job(), long_book(), new_job()]
    results = await asyncio.gather(*map(provider.add, books), return_exceptions=True)
    assert [type(result).__name__ for result in results] == ["Job", "StoreUnavailable", "Job"]
    assert (await provider.stats()).pending == 2
    await provider.aclose()


async def test_a_write_that_the_system_refuses_is_undone_and_the_next_one_works(
    provider: SqliteProvider, path: Path
) -> None:
    (first,) = await add_many(provider, 1)
    with files_may_not_grow_beyond(300_000):
        with pytest.raises(StoreUnavailable, match=r"queue\.db cannot be (read or )?written"):
            await provider.add(long_book())
        (second,) = await add_many(provider, 1)
    await provider.add(long_book())
    assert (await provider.stats()).pending == 3
    assert (await provider.get(first)).id == first
    assert (await provider.get(second)).id == second


async def test_a_damaged_file_is_named_as_that(provider: SqliteProvider, path: Path) -> None:
    await add_many(provider, 1)
    await provider.aclose()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))
    with pytest.raises(StoreUnavailable, match=r"queue\.db is damaged; stop all workers and restore a backup"):
        await provider.open()


async def test_a_store_that_was_deleted_takes_no_more_jobs(provider: SqliteProvider, path: Path) -> None:
    (job_id,) = await add_many(provider, 1)
    aside = path.with_name("aside.db")
    path.rename(aside)
    with pytest.raises(StoreUnavailable, match=r"queue\.db was moved or deleted; put it back or restart"):
        await provider.add(new_job())
    aside.rename(path)
    await add_many(provider, 1)
    assert (await provider.get(job_id)).id == job_id


async def test_a_forked_child_is_told_to_open_its_own(provider: SqliteProvider) -> None:
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        child = os.fork()
    if child == 0:
        os._exit(_child_is_refused(provider))
    _, status = await asyncio.to_thread(os.waitpid, child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    await provider.add(new_job())


def _child_is_refused(provider: SqliteProvider) -> int:
    try:
        provider._read(lambda snapshot: None)
    except StoreUnavailable as error:
        return 0 if "forked" in str(error) else 2
    return 1
