"""Opening the file."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from ttsqueue.errors import StoreUnavailable
from ttsqueue.providers.sqlite.migrate import migrate, refuse_foreign_file
from ttsqueue.providers.sqlite.patience import patiently

_OLDEST_SQLITE = (3, 35)  # RETURNING
_CACHED_STATEMENTS = 128

_PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA cache_size = -16384",
    "PRAGMA temp_store = MEMORY",
)


def open_writer(path: Path) -> sqlite3.Connection:
    """A connection to a file that exists and has today's schema. StoreTooNew, StoreUnavailable, sqlite3.Error."""
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise StoreUnavailable(f"Python comes with SQLite {sqlite3.sqlite_version} here; 3.35 or newer is needed.")
    _create(path)
    return patiently(lambda: _open_writer(path))


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, to a file that a writer has opened before."""
    return patiently(lambda: _connect(path, "PRAGMA query_only = ON"))


def _open_writer(path: Path) -> sqlite3.Connection:
    """Busy at any step while another process makes the file; then all of it is tried again."""
    refuse_foreign_file(path)
    connection = _connect(path)
    try:
        _use_wal(connection, path)
        migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _create(path: Path) -> None:
    """Only the owner may read a queue: it holds whole books."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _connect(path: Path, *more_pragmas: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=0, isolation_level=None, check_same_thread=False, cached_statements=_CACHED_STATEMENTS
    )
    connection.row_factory = sqlite3.Row
    connection.create_function("folded", 1, str.casefold, deterministic=True)  # SQLite's lower() knows only ASCII
    try:
        for pragma in (*_PRAGMAS, *more_pragmas):
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return connection


def _use_wal(connection: sqlite3.Connection, path: Path) -> None:
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise StoreUnavailable(f"The job store {path} lies on a disk that SQLite cannot share; use a local disk.")
