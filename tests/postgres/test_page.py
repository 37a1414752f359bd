"""What docs/postgres.md shows works as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "postgres.md").read_text()
STATEMENTS = re.findall(r"```sql as (\w+)\n(.*?)```", PAGE, re.DOTALL)
USER = "22222222-2222-4222-8222-222222222222"
BECOMING = {
    "owner": "RESET ROLE",
    "service_role": "SET ROLE service_role",
    "user": f"SET ROLE authenticated; SELECT set_config('request.jwt.claim.sub', '{USER}', false), "
    f"set_config('request.jwt.claims', '{{\"sub\": \"{USER}\"}}', false)",
}


def run_all(connection: psycopg.Connection) -> list[object]:
    found: list[object] = []
    for role, statement in STATEMENTS:
        connection.execute(BECOMING[role])
        cursor = connection.execute(statement)
        found.append(cursor.fetchall() if cursor.description else [(cursor.rowcount,)])
        connection.execute("RESET ROLE")
    return found


def test_its_statements_run_one_after_the_other_for_those_they_are_for(supabase: psycopg.Connection) -> None:
    _, added, seen, cancelled, *_ = run_all(supabase)
    assert added == [(1,)]
    assert "pending" in str(seen)
    assert cancelled == [(1,)]
    assert supabase.execute("SELECT status FROM tts_jobs").fetchall() == [("cancelled",)]


@pytest.mark.parametrize("role", ["owner", "service_role", "user"])
def test_there_is_something_for(role: str) -> None:
    assert role in [for_whom for for_whom, _ in STATEMENTS]
