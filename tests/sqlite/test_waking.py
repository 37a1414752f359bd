"""A worker that sleeps in wait_for_work is woken from any process, by a socket; without one it polls."""

from __future__ import annotations

import asyncio
import os
import socket
import sqlite3
import stat
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import closing
from pathlib import Path

import pytest

from tests.conformance.processes import Child, child_on
from tests.conformance.samples import new_job
from tests.conformance.store import STORES, Store
from ttsqueue.providers.sqlite import SqliteProvider
from ttsqueue.providers.sqlite.doorbell import Doorbell

SOON = 0.2
"""Seconds; polling alone takes 0.5."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Deeper than a socket's path may be."""
    return tmp_path / ("d" * 100) / ("e" * 100) / "queue.db"


@pytest.fixture
async def child(provider: SqliteProvider, path: Path) -> AsyncIterator[Child]:
    """Another process with the same file."""
    async with child_on(Store(STORES["sqlite"], str(path))) as child:
        yield child


async def seconds(awaitable: Awaitable[object]) -> float:
    began = time.perf_counter()
    await awaitable
    return time.perf_counter() - began


async def ready_to_sleep(provider: SqliteProvider) -> None:
    await provider.wait_for_work(0.01)  # the first call hangs the doorbell and comes back


def doorbells(path: Path) -> list[Path]:
    with closing(sqlite3.connect(path)) as connection:
        return [Path(row[0]) for row in connection.execute("SELECT path FROM tts_doorbells")]


async def test_a_sleeper_is_woken_by_another_process(provider: SqliteProvider, child: Child) -> None:
    await ready_to_sleep(provider)
    sleeping = asyncio.ensure_future(seconds(provider.wait_for_work(5)))
    await asyncio.sleep(0.1)
    await child.ask("add", number=1)
    assert await sleeping < 0.1 + SOON
    assert len(await provider.claim("worker")) == 1


async def test_a_ring_between_two_sleeps_counts(provider: SqliteProvider, child: Child) -> None:
    await ready_to_sleep(provider)
    await child.ask("add", number=1)
    assert await seconds(provider.wait_for_work(5)) < SOON


async def test_a_sleeper_is_woken_from_its_own_process(provider: SqliteProvider) -> None:
    await ready_to_sleep(provider)
    sleeping = asyncio.ensure_future(seconds(provider.wait_for_work(5)))
    await provider.add(new_job())
    assert await sleeping < SOON
    assert await seconds(provider.wait_for_work(0.3)) >= 0.3, "one ring wakes once"


async def test_reading_and_claiming_wake_nobody(provider: SqliteProvider) -> None:
    job = await provider.add(new_job())
    await ready_to_sleep(provider)
    await provider.claim("worker")
    await provider.get(job.id)
    assert await seconds(provider.wait_for_work(0.3)) >= 0.3


async def test_the_doorbell_is_private_and_taken_down_at_the_end(provider: SqliteProvider, path: Path) -> None:
    await ready_to_sleep(provider)
    (bell,) = doorbells(path)
    assert stat.S_IMODE(bell.parent.stat().st_mode) == 0o700
    assert len(os.fsencode(bell)) <= 107
    await provider.aclose()
    assert not bell.parent.exists()
    assert doorbells(path) == []


async def test_a_temporary_folder_too_deep_for_a_socket_is_passed_over(
    provider: SqliteProvider, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(path.parent))
    monkeypatch.setattr(tempfile, "tempdir", str(path.parent))
    await ready_to_sleep(provider)
    (bell,) = doorbells(path)
    assert bell.is_socket()
    assert bell.parent.parent != path.parent


async def test_the_doorbell_of_a_killed_process_is_cleared_away(provider: SqliteProvider, path: Path) -> None:
    orphan = Doorbell()
    orphan._socket.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO tts_doorbells VALUES (?)", [str(orphan.path)])
        connection.commit()
    assert orphan.path.exists()
    await provider.add(new_job())  # finds nobody there
    await provider.add(new_job())  # writes that down
    assert not orphan.path.parent.exists()
    assert doorbells(path) == []


async def test_a_sleeper_that_was_taken_for_dead_polls(provider: SqliteProvider, path: Path) -> None:
    await ready_to_sleep(provider)
    with closing(sqlite3.connect(path)) as elsewhere:
        elsewhere.execute("DELETE FROM tts_doorbells")
        elsewhere.commit()
    await provider.wait_for_work(0.05)
    assert 0.4 < await seconds(provider.wait_for_work(5)) < 0.5 + SOON


async def test_without_sockets_a_sleeper_polls(provider: SqliteProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "AF_UNIX")
    await ready_to_sleep(provider)
    assert 0.4 < await seconds(provider.wait_for_work(5)) < 0.5 + SOON
