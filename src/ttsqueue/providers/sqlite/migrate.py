"""Bringing a file's schema up to date, and refusing files that are not ours to touch."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from ttsqueue.errors import StoreTooNew, StoreUnavailable
from ttsqueue.providers.sqlite.faults import explained
from ttsqueue.providers.sqlite.sql import migrations
from ttsqueue.schema_state import SchemaState

APPLICATION_ID = 0x74747351
"""Says whose file this is: "ttsQ"."""


def refuse_foreign_file(path: Path) -> None:
    """Look without writing. StoreTooNew for a newer schema, StoreUnavailable for another program's database."""
    if path.stat().st_size == 0:
        return
    with closing(_looked_at(path)) as connection:
        _check(connection, path)


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Apply what is missing, each migration in a transaction of its own; other processes may do the same now."""
    for number, script in enumerate(migrations(), 1):
        if _version(connection) < number:
            _apply(connection, path, number, script)


def state_of_file(path: Path) -> SchemaState:
    """Without changing or making it. StoreUnavailable."""
    wanted = len(migrations())
    if not path.exists() or path.stat().st_size == 0:
        return SchemaState(0, wanted)
    try:
        with closing(_looked_at(path)) as connection:
            installed = _version(connection)
    except sqlite3.Error as error:
        raise explained(error, path) from error
    return SchemaState(installed, wanted, usable_from=installed)


def script() -> str:
    """All migrations, as they leave an empty file."""
    ending = f"PRAGMA application_id = {APPLICATION_ID};\nPRAGMA user_version = {len(migrations())};\n"
    return "\n".join(["BEGIN;", *migrations(), ending + "COMMIT;\n"])


def _looked_at(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?{_looking(path)}", uri=True, isolation_level=None)


def _looking(path: Path) -> str:
    """Without a write-ahead log the file says all; SQLite then need not create one, which it could not clear away."""
    file = path.resolve()
    try:
        is_logged = file.with_name(f"{file.name}-wal").stat().st_size > 0
    except FileNotFoundError:
        is_logged = False
    return "mode=ro" if is_logged else "mode=ro&immutable=1"


def _apply(connection: sqlite3.Connection, path: Path, number: int, script: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        _check(connection, path)
        if _version(connection) < number:
            for statement in _statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _check(connection: sqlite3.Connection, path: Path) -> None:
    # In this order: whoever sees tables, which another process may make just now, must also see whose they are.
    is_empty = connection.execute("SELECT NOT EXISTS (SELECT 1 FROM sqlite_master)").fetchone()[0]
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    if owner != APPLICATION_ID and not is_empty:
        raise StoreUnavailable(f"{path} is a database of another program; choose another file for the job store.")
    if _version(connection) > len(migrations()):
        raise StoreTooNew(f"The job store {path} was made by a newer ttsqueue; upgrade ttsqueue to use it.")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> Iterator[str]:
    """executescript() would commit first; and a trigger holds semicolons of its own."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
