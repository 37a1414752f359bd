"""What doctor makes of the facts about a PostgreSQL server."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ttsqueue.cli.check_postgres import check_postgres
from ttsqueue.cli.finding import State
from ttsqueue.providers.postgres.condition import Condition
from ttsqueue.providers.postgres.connection import Way

DIRECT = Way(is_local=False, is_pooled=False, is_encrypted=True)
POOLED = replace(DIRECT, is_pooled=True)
WELL = Condition(
    way=DIRECT,
    hears=True,
    server_version=170002,
    schema_version=1,
    compresses_well=True,
    rows_are_guarded=True,
    connections=12,
    most_connections=100,
    oldest_transaction=timedelta(seconds=3),
    live_rows=500,
    dead_rows=20,
    clock_ahead=timedelta(milliseconds=-40),
)


def found(condition: Condition, subject: str) -> tuple[State, str]:
    (finding,) = [finding for finding in check_postgres(condition) if finding.subject == subject]
    return finding.state, finding.message


def test_a_server_that_is_well_is_well() -> None:
    assert {finding.state for finding in check_postgres(WELL)} == {State.OK}
    assert found(WELL, "store")[1] == "PostgreSQL 17.2, schema 1, books are stored with lz4."


@pytest.mark.parametrize(
    ("condition", "state", "words"),
    [
        (WELL, State.OK, "Direct"),
        (replace(WELL, way=POOLED), State.OK, "session pooler"),
        (replace(WELL, way=POOLED, hears=False), State.WARN, "look twice a second"),
    ],
)
def test_the_kind_of_connection_is_told_and_what_follows(condition: Condition, state: State, words: str) -> None:
    assert found(condition, "connection")[0] is state
    assert words in found(condition, "connection")[1]


@pytest.mark.parametrize(
    ("condition", "subject", "state", "words"),
    [
        (replace(WELL, server_version=140011), "store", State.FAIL, "needs 15"),
        (replace(WELL, compresses_well=False), "store", State.OK, "without lz4"),
        (replace(WELL, way=replace(DIRECT, is_encrypted=False)), "encryption", State.WARN, "sslmode=require"),
        (replace(WELL, way=Way(True, False, False)), "encryption", State.OK, "this machine"),
        (replace(WELL, rows_are_guarded=False), "row level security", State.FAIL, "tts-queue-schema.sql"),
        (replace(WELL, connections=90), "connections", State.WARN, "90 of 100"),
        (replace(WELL, oldest_transaction=timedelta(hours=1)), "transactions", State.WARN, "60 minutes"),
        (replace(WELL, dead_rows=50_000), "dead rows", State.WARN, "VACUUM"),
        (replace(WELL, dead_rows=50_000, live_rows=900_000), "dead rows", State.OK, "50,000 dead rows"),
        (replace(WELL, clock_ahead=timedelta(hours=1)), "clock", State.WARN, "3600 s ahead of"),
        (replace(WELL, clock_ahead=timedelta(hours=-1)), "clock", State.WARN, "3600 s behind"),
    ],
)
def test_trouble_is_told_with_what_to_do(condition: Condition, subject: str, state: State, words: str) -> None:
    assert found(condition, subject)[0] is state
    assert words in found(condition, subject)[1]
