"""What is not ours, or not yet ours, is refused in one sentence and not touched."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.conformance.samples import new_job
from ttsqueue.errors import StoreTooNew, StoreUnavailable
from ttsqueue.providers.sqlite import SqliteProvider


def contents(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.parent.iterdir()}


async def made_by_a_newer_version(path: Path) -> None:
    provider = SqliteProvider(path)
    await provider.open()
    await provider.add(new_job())
    await provider.aclose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 1000")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        pytest.param(Path.mkdir, r"queue\.db is a folder; name a file", id="a folder"),
        pytest.param(lambda path: path.write_text("Fog came in.\n" * 99), "is not a SQLite database", id="a text"),
    ],
)
async def test_what_is_no_database_is_refused_whether_it_is_looked_at_or_opened(
    path: Path, make: Callable[[Path], object], sentence: str
) -> None:
    path.parent.mkdir(exist_ok=True)
    make(path)
    with pytest.raises(StoreUnavailable, match=sentence):
        await SqliteProvider(path).schema_state()
    with pytest.raises(StoreUnavailable, match=sentence):
        await SqliteProvider(path).open()


async def test_a_newer_file_is_refused_and_stays_as_it_is_to_the_byte(path: Path) -> None:
    await made_by_a_newer_version(path)
    before = contents(path)
    with pytest.raises(StoreTooNew, match=r"queue\.db was made by a newer ttsqueue; upgrade"):
        await SqliteProvider(path).open()
    assert contents(path) == before


async def test_a_newer_file_in_use_stays_as_it_is_to_the_byte(path: Path) -> None:
    await made_by_a_newer_version(path)
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("UPDATE tts_queue SET paused = 1")
        newer.commit()
        before = contents(path)
        assert before["queue.db-wal"], "there is something that has not reached the file itself"
        with pytest.raises(StoreTooNew):
            await SqliteProvider(path).open()
        after = contents(path)
    del before["queue.db-shm"], after["queue.db-shm"]  # SQLite's scratch memory holds the marks of readers
    assert after == before


async def test_a_newer_file_that_a_crash_left_behind_stays_as_it_is_to_the_byte(path: Path) -> None:
    await made_by_a_newer_version(path)
    crashed = path.parent.parent / "crashed" / path.name
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("UPDATE tts_queue SET paused = 1")
        newer.commit()
        shutil.copytree(path.parent, crashed.parent, ignore=shutil.ignore_patterns("*-shm"))
    before = contents(crashed)
    assert before["queue.db-wal"]
    with pytest.raises(StoreTooNew):
        await SqliteProvider(crashed).open()
    after = contents(crashed)
    after.pop("queue.db-shm", None)
    assert after == before


async def test_another_programs_database_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "recipes.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (name)")
    before = contents(path)
    with pytest.raises(StoreUnavailable, match=r"recipes\.db is a database of another program; choose another file"):
        await SqliteProvider(path).open()
    assert contents(path) == before


async def test_a_file_that_is_no_database_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear diary, " * 100, "utf-8")
    before = contents(path)
    with pytest.raises(StoreUnavailable, match=r"letter\.txt is not a SQLite database"):
        await SqliteProvider(path).open()
    assert contents(path) == before


async def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    path.touch()
    provider = SqliteProvider(path)
    await provider.open()
    await provider.add(new_job())
    await provider.aclose()


@pytest.mark.parametrize("place", ["/dev/null/queue.db", "/proc/queue.db"])
async def test_a_place_where_no_file_can_be_is_named(place: str) -> None:
    with pytest.raises(StoreUnavailable, match=f"^The job store {place} cannot be "):
        await SqliteProvider(Path(place)).open()
