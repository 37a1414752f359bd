"""Where an application's works have a column for it, they name their newest job."""

from __future__ import annotations

from uuid import uuid4

import psycopg

from ttsqueue.providers.postgres.sql import schema

WORKS = "CREATE TABLE works (id uuid PRIMARY KEY, user_id uuid NOT NULL, tts_job_id uuid)"
CHAPTERS = '{"chapters": [{"id": "1", "title": "One", "text": "It was noon."}]}'
INSERT = "INSERT INTO tts_jobs (work_id, user_id, payload, job_type) VALUES (%s, %s, %s, %s) RETURNING id"


def add(connection: psycopg.Connection, work: str, user: str, kind: str = "full_book") -> object:
    row = connection.execute(INSERT, (work, user, CHAPTERS, kind)).fetchone()
    assert row is not None
    return row[0]


def shown(connection: psycopg.Connection) -> object:
    row = connection.execute("SELECT tts_job_id FROM works").fetchone()
    assert row is not None
    return row[0]


def test_a_work_names_its_newest_job_and_never_one_of_somebody_else(plain: psycopg.Connection) -> None:
    work, user = str(uuid4()), str(uuid4())
    plain.execute(WORKS)
    for _ in range(2):
        plain.execute(schema())
    plain.execute("INSERT INTO works VALUES (%s, %s)", (work, user))
    assert shown(plain) is None
    first = add(plain, work, user)
    assert shown(plain) == first
    add(plain, work, str(uuid4()))
    assert shown(plain) == first
    second = add(plain, work, user, "sample")
    assert shown(plain) == second


def test_without_such_a_column_nothing_is_wired(plain: psycopg.Connection) -> None:
    plain.execute(WORKS)
    plain.execute(schema())
    plain.execute("ALTER TABLE works DROP COLUMN tts_job_id")
    plain.execute(schema())
    add(plain, str(uuid4()), str(uuid4()))
