"""A lone write is committed on the event loop's own thread, but only where that takes no waiting."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from tests.conformance.samples import new_job
from ttsqueue.providers.sqlite import SqliteProvider, writer


async def threads_of(provider: SqliteProvider, writes: int) -> set[int]:
    work = [provider._write(lambda _: threading.get_ident()) for _ in range(writes)]
    return set(await asyncio.gather(*work))


async def test_a_lone_write_on_a_quick_disk_needs_no_thread(
    provider: SqliteProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "QUICK", 60.0)
    assert await threads_of(provider, 1) == {threading.get_ident()}


async def test_a_lone_write_on_a_slow_disk_goes_to_the_thread(
    provider: SqliteProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "QUICK", 0.0)
    assert threading.get_ident() not in await threads_of(provider, 1)


async def test_writes_that_come_together_share_a_commit_in_the_thread(
    provider: SqliteProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "QUICK", 60.0)
    threads = await threads_of(provider, 5)
    assert len(threads) == 1
    assert threading.get_ident() not in threads


async def test_another_process_that_writes_does_not_hold_up_the_event_loop(
    provider: SqliteProvider, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "QUICK", 60.0)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    adding = asyncio.create_task(provider.add(new_job()))
    await asyncio.sleep(0)
    start = time.perf_counter()
    await asyncio.sleep(0.05)
    assert time.perf_counter() - start < 1
    assert not adding.done()
    other.execute("ROLLBACK")
    other.close()
    assert (await adding).status == "pending"
