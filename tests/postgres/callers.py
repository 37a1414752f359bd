"""Statements as PostgREST runs them: in a transaction of a role, with the claims of a token."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
from psycopg.types.json import Jsonb

ADA = "00000000-0000-4000-8000-00000000000a"
BEN = "00000000-0000-4000-8000-00000000000b"
BOOK = Jsonb({"title": "Fog", "chapters": [{"id": "ch1", "title": "One", "text": "It was night."}]})
ADD = "INSERT INTO tts_jobs (work_id, user_id, payload, priority) VALUES (%s, %s, %s, %s) RETURNING id"


@contextmanager
def calling(
    connection: psycopg.Connection, user: str | None, role: str = "authenticated", **claims: Any
) -> Iterator[None]:
    """What is executed inside is executed for this user."""
    with connection.transaction():
        told = json.dumps(({"sub": user} if user else {}) | {"role": role} | claims)
        connection.execute("SELECT set_config('request.jwt.claims', %s, true)", (told,))
        connection.execute(f"SET LOCAL ROLE {role}")
        yield


def add(connection: psycopg.Connection, user: str, priority: int = 5, work: str | None = None) -> str:
    """A job, by whoever calls."""
    row = connection.execute(ADD, (work or str(uuid4()), user, BOOK, priority)).fetchone()
    assert row is not None
    return str(row[0])


def job(connection: psycopg.Connection, job_id: str, *columns: str) -> tuple[Any, ...]:
    row = connection.execute(f"SELECT {', '.join(columns)} FROM tts_jobs WHERE id = %s", (job_id,)).fetchone()
    assert row is not None
    return row
