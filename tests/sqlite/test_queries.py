"""Speed is a matter of the plan: no query may walk the table of jobs, however large it is."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib.resources import files
from typing import Any

import pytest

from ttsqueue.providers.sqlite.sql import migrations, query

QUERIES = sorted(
    file.name.removesuffix(".sql") for file in files("ttsqueue.providers.sqlite").joinpath("queries").iterdir()
)
COUNTS_A_WHOLE_TABLE = {"counts"}  # which SQLite does by the page: a millisecond for a million jobs
MAY_SORT = {"activity", "page_of_work", "page_pending", "stuck_jobs", "waits"}


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.create_function("folded", 1, str.casefold)
        for script in migrations():
            connection.executescript(script)
        yield connection


@pytest.mark.parametrize("name", QUERIES)
def test_the_plan_walks_no_large_table(connection: sqlite3.Connection, name: str) -> None:
    text = query(name)
    values: Any = [None] * text.count("?") or dict.fromkeys(re.findall(r":(\w+)", text))
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", values)]
    assert name in COUNTS_A_WHOLE_TABLE or not [
        step for step in plan if re.match(r"SCAN (tts_(jobs|payloads|chapters|attempts|history)|job)\b", step)
    ]
    assert name in MAY_SORT or not [step for step in plan if "TEMP B-TREE" in step]


def test_a_claim_looks_once_at_each_priority_however_many_jobs_are_delayed(connection: sqlite3.Connection) -> None:
    """Counted in steps of SQLite's virtual machine, which no other program on this computer can slow down."""

    def steps(delayed: int) -> int:
        connection.executemany(
            "INSERT INTO tts_jobs (id, work_id, work_hash, user_id, user_hash, active_hash, job_type, status, priority,"
            " run_at, created_at, updated_at, total_chapters, max_attempts, title)"
            " VALUES (?1, '', 0, '', 0, ?1, '', 'pending', 1 + ?1 % 10, 1000, 0, 0, 1, 3, '')",
            ((number,) for number in range(delayed)),
        )
        counted = [0]
        connection.set_progress_handler(lambda: counted.__setitem__(0, counted[0] + 1), 1)
        connection.execute(query("claim"), {"worker": "w", "limit": 1, "now": 1, "number": 1}).fetchall()
        connection.set_progress_handler(None, 1)
        return counted[0]

    assert steps(0) + 200 > steps(5000)
