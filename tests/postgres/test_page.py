"""What docs/postgres.md shows works as it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ttsqueue.contract import payload_from_json
from ttsqueue.jobs import JobType
from ttsqueue.submission import accepted_payload

PAGE = (Path(__file__).parents[2] / "docs" / "postgres.md").read_text()
STATEMENTS = re.findall(r"```sql as (\w+)\n(.*?)```", PAGE, re.DOTALL)
USER = "22222222-2222-4222-8222-222222222222"
FAILED = """
INSERT INTO tts_jobs (id, work_id, user_id, payload, status, attempts)
VALUES (%s, '11111111-1111-4111-8111-111111111111', %s, '{"chapters": [{"id": "1", "text": "Fog."}]}', 'failed', 3)
"""
BECOMING = {
    "owner": "RESET ROLE",
    "service_role": "SET ROLE service_role",
    "user": f"SET ROLE authenticated; SELECT set_config('request.jwt.claim.sub', '{USER}', false), "
    f"set_config('request.jwt.claims', '{{\"sub\": \"{USER}\"}}', false)",
}


def run(connection: psycopg.Connection, role: str, statement: str) -> list[tuple[Any, ...]]:
    connection.execute(BECOMING[role])
    cursor = connection.execute(statement)
    connection.execute("RESET ROLE")
    return cursor.fetchall() if cursor.description else [(cursor.rowcount,)]


def statement(begins: str) -> tuple[str, str]:
    """The one on the page, and for whom it is."""
    (found,) = [(role, text) for role, text in STATEMENTS if text.startswith(begins)]
    return found


def test_its_statements_run_one_after_the_other_for_those_they_are_for(supabase: psycopg.Connection) -> None:
    _, added, seen, cancelled, *_ = [run(supabase, role, text) for role, text in STATEMENTS]
    assert added == [(1,)]
    assert "pending" in str(seen)
    assert cancelled == [(1,)]
    assert supabase.execute("SELECT status FROM tts_jobs").fetchall() == [("cancelled",)]


def test_a_worker_accepts_the_book_that_a_user_inserts(supabase: psycopg.Connection) -> None:
    run(supabase, *statement("INSERT INTO tts_jobs"))
    ((_, _, payload, _, _),) = run(supabase, *statement("SELECT * FROM claim_next_tts_job"))
    (chapter,) = accepted_payload(payload_from_json(payload), JobType.FULL_BOOK).chapters
    assert (chapter.chapter_id, chapter.title, chapter.text) == ("1", "The Stairs", "It was noon.")


def test_one_failed_job_is_tried_again_and_its_failed_twin_is_left_alone(supabase: psycopg.Connection) -> None:
    role, retry = statement("UPDATE tts_jobs SET status = 'pending'")
    (named,) = re.findall(r"'([0-9a-f-]{36})'", retry)
    for job_id in (named, "44444444-4444-4444-8444-444444444444"):
        supabase.execute(FAILED, (job_id, USER))
    assert run(supabase, role, retry) == [(1,)]
    jobs = supabase.execute("SELECT id::text, status, attempts FROM tts_jobs ORDER BY status DESC").fetchall()
    assert jobs == [(named, "pending", 0), ("44444444-4444-4444-8444-444444444444", "failed", 3)]


@pytest.mark.parametrize("role", ["owner", "service_role", "user"])
def test_there_is_something_for(role: str) -> None:
    assert role in [for_whom for for_whom, _ in STATEMENTS]
