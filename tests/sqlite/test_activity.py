"""Charts are summed up by the store, from what was counted by the minute."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ttsqueue.activity import Waiting, waiting
from ttsqueue.providers.sqlite import SqliteProvider


@pytest.fixture
async def file(provider: SqliteProvider, path: Path) -> AsyncIterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


async def test_minutes_are_summed_up_by_step(provider: SqliteProvider, file: sqlite3.Connection) -> None:
    now = int(time.time()) // 60
    for ago in range(300):
        file.execute("INSERT INTO tts_activity VALUES (?, 2, 1, 10, 0.5)", (now - ago,))
    buckets = (await provider.activity(timedelta(hours=2), 8)).buckets
    middle = [(bucket.completed, bucket.failed, bucket.characters, bucket.audio_seconds) for bucket in buckets[1:-1]]
    assert middle == [(30, 15, 150, 7.5)] * 6


async def test_a_minute_stands_in_the_step_that_it_is_in(provider: SqliteProvider, file: sqlite3.Connection) -> None:
    minute = int(time.time()) // 60 - 30
    file.execute("INSERT INTO tts_activity VALUES (?, 1, 0, 0, 0)", (minute,))
    file.execute("INSERT INTO tts_waits VALUES (?, 0, 3, 1)", (minute,))
    buckets = (await provider.activity(timedelta(hours=1), 60)).buckets
    (bucket,) = (bucket for bucket in buckets if bucket.completed)
    assert bucket.start == datetime.fromtimestamp(minute * 60, UTC)
    assert bucket.free == waiting({3: 1})


async def test_waiting_times_are_told_by_step_and_tier(provider: SqliteProvider, file: sqlite3.Connection) -> None:
    now = int(time.time()) // 60
    for ago in (20, 21):
        file.executemany("INSERT INTO tts_waits VALUES (?, 1, ?, ?)", [(now - ago, 3, 9), (now - ago, 40, 1)])
        file.execute("INSERT INTO tts_waits VALUES (?, 0, 7, 2)", (now - ago,))
    (bucket,) = (await provider.activity(timedelta(hours=1), 1)).buckets
    assert bucket.premium == waiting({3: 18, 40: 2})
    assert bucket.free == waiting({7: 4})
    before, *_, last = (await provider.activity(timedelta(hours=1), 60)).buckets
    assert before.premium == last.premium == Waiting()
