from __future__ import annotations

import sqlite3

from tests.postgres_server import empty_database
from ttsqueue.providers.sqlite.sql import migrations

from .program import Program

NOW = len(migrations())


def test_check_says_what_is_to_be_done_and_changes_nothing(ttsqueue: Program) -> None:
    assert "The store is empty" in ttsqueue("migrate", "--check", code=1).out
    assert not (ttsqueue.data / "ttsqueue.db").exists()
    assert ttsqueue("migrate").out == f"The store is empty; now it is version {NOW}.\n"
    assert ttsqueue("migrate").out == f"Up to date already: version {NOW}.\n"
    assert ttsqueue("migrate", "--check").out == f"Up to date: version {NOW}.\n"


def test_a_store_that_is_behind_is_brought_forward(ttsqueue: Program) -> None:
    ttsqueue.data.mkdir(mode=0o700)
    with sqlite3.connect(ttsqueue.data / "ttsqueue.db") as file:
        file.executescript(f"{migrations()[0]}; PRAGMA application_id = 0x74747351; PRAGMA user_version = 1")
    assert f"version 1; this program brings version {NOW}" in ttsqueue("migrate", "--check", code=1).out
    assert ttsqueue("migrate").out == f"The store has version 1; now it is version {NOW}.\n"


def test_a_store_that_is_newer_is_not_touched(ttsqueue: Program) -> None:
    ttsqueue("migrate")
    with sqlite3.connect(ttsqueue.data / "ttsqueue.db") as file:
        file.execute(f"PRAGMA user_version = {NOW + 1}")
    for options in ((), ("--check",)):
        assert "upgrade ttsqueue" in ttsqueue("migrate", *options, code=1).err


def test_what_is_printed_makes_the_same_store(ttsqueue: Program) -> None:
    script = ttsqueue("migrate", "--print").out
    assert not (ttsqueue.data / "ttsqueue.db").exists()
    ttsqueue.data.mkdir(mode=0o700)
    with sqlite3.connect(ttsqueue.data / "ttsqueue.db") as file:
        file.executescript(script)
    assert ttsqueue("migrate", "--check").out == f"Up to date: version {NOW}.\n"
    ttsqueue("stats")


def test_for_postgresql_it_prints_the_schema_file_without_asking_the_server(ttsqueue: Program) -> None:
    ttsqueue.variables["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/nothing"
    script = ttsqueue("migrate", "--print").out
    assert "CREATE TABLE IF NOT EXISTS public.tts_jobs" in script
    assert script.rstrip().endswith("COMMIT;")
    assert "does not answer" in ttsqueue("migrate", "--check", code=1).err


def test_doctor_looks_at_a_postgresql_server(ttsqueue: Program) -> None:
    with empty_database() as url:
        ttsqueue.variables.update(DATABASE_URL=url, TTSQUEUE_PORT="0")
        assert ttsqueue("migrate").out == "The store is empty; now it is version 1.\n"
        lines = ttsqueue("doctor").out
    assert "ok    store: PostgreSQL" in lines
    assert "ok    connection: Direct." in lines
