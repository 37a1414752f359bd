"""The schema runs anywhere and again: over nothing, over itself, and over the guide's first table with its rows."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from ttsqueue.providers.postgres.sql import schema

from .callers import ADA, add

FIRST = (Path(__file__).parent / "first_schema.sql").read_text()
SUPABASE = (Path(__file__).parent / "supabase.sql").read_text()
SHAPE = """
SELECT table_name, column_name, is_nullable, CASE data_type WHEN 'character varying' THEN 'text' ELSE data_type END
FROM information_schema.columns WHERE table_schema = 'public' AND table_name LIKE 'tts%' ORDER BY 1, 2
"""


@pytest.fixture
def live(empty: psycopg.Connection) -> psycopg.Connection:
    """A project that has used the first schema for a while."""
    empty.execute(SUPABASE)
    empty.execute(FIRST)
    return empty


def test_it_runs_twice_without_harm(plain: psycopg.Connection) -> None:
    job_id = add(plain, ADA)
    before = plain.execute("SELECT * FROM tts_jobs").fetchall()
    plain.execute(schema())
    assert plain.execute("SELECT * FROM tts_jobs").fetchall() == before
    assert plain.execute("SELECT sum(pending) FROM tts_counts").fetchone() == (1,)
    assert job_id


def test_rows_of_the_first_schema_are_kept(live: psycopg.Connection) -> None:
    before = live.execute("SELECT id, status, payload, created_at FROM tts_jobs ORDER BY id").fetchall()
    live.execute(schema())
    live.execute(schema())
    assert live.execute("SELECT id, status, payload, created_at FROM tts_jobs ORDER BY id").fetchall() == before
    counted = live.execute("SELECT sum(pending), sum(processing), sum(failed) FROM tts_counts").fetchone()
    assert counted == (4, 2, 2)


def test_afterwards_it_is_the_table_that_a_new_project_has(live: psycopg.Connection, plain: psycopg.Connection) -> None:
    live.execute(schema())
    assert live.execute(SHAPE).fetchall() == plain.execute(SHAPE).fetchall()


def test_duplicate_active_rows_do_not_stop_it_and_no_third_comes_in(live: psycopg.Connection) -> None:
    live.execute(schema())
    twin = "INSERT INTO tts_jobs (work_id, user_id, payload) SELECT work_id, user_id, payload FROM tts_jobs LIMIT 1"
    with pytest.raises(psycopg.errors.UniqueViolation):
        live.execute(twin)


def test_the_first_functions_and_policies_are_replaced(live: psycopg.Connection) -> None:
    live.execute(schema())
    row = live.execute("SELECT * FROM claim_next_tts_job('worker-1')").fetchone()
    assert row is not None
    live.execute("SELECT complete_tts_job(%s, '{}')", (row[0],))
    assert live.execute("SELECT count(*) FROM pg_proc WHERE proname = 'update_tts_jobs_updated_at'").fetchone() == (0,)
    names = live.execute("SELECT policyname FROM pg_policies WHERE tablename = 'tts_jobs' ORDER BY 1").fetchall()
    assert [row[0] for row in names] == [
        "Service role full access",
        "Users can cancel their own jobs",
        "Users can insert their own jobs",
        "Users can view their own jobs",
    ]


def test_a_worker_of_the_first_schema_can_finish_the_job_it_holds(live: psycopg.Connection) -> None:
    live.execute(schema())
    row = live.execute("SELECT id FROM tts_jobs WHERE status = 'processing' ORDER BY seq LIMIT 1").fetchone()
    assert row is not None
    live.execute("SELECT update_tts_job_progress(%s, 50, 'Processing chapter 1 of 1', 1)", row)
    live.execute("SELECT complete_tts_job(%s, '{}')", row)


def test_the_guides_checks_find_table_and_functions(plain: psycopg.Connection) -> None:
    assert plain.execute("SELECT * FROM tts_jobs LIMIT 1").fetchall() == []
    names = plain.execute(
        "SELECT routine_name FROM information_schema.routines WHERE routine_name LIKE '%tts%'"
    ).fetchall()
    assert {"claim_next_tts_job", "fail_tts_job"} <= {row[0] for row in names}
    assert plain.execute("SELECT COUNT(*) FROM tts_jobs WHERE status = 'pending'").fetchone() == (0,)


def test_a_table_that_somebody_holds_is_waited_for_ten_seconds_only(plain: psycopg.Connection) -> None:
    assert "SET LOCAL lock_timeout" in schema()
