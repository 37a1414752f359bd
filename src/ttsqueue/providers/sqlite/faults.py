"""SQLite's errors as one sentence of ours: what happened, where, and what to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from ttsqueue.errors import StoreUnavailable, TTSQueueError

_PRIMARY_CODE = 0xFF

_SENTENCES = {
    sqlite3.SQLITE_BUSY: "is locked by another program; close that program, or wait and try again",
    sqlite3.SQLITE_LOCKED: "is locked by another program; close that program, or wait and try again",
    sqlite3.SQLITE_FULL: "cannot grow because its disk is full; free some space there and try again",
    sqlite3.SQLITE_READONLY: "cannot be written; check the permissions of the file and its folder",
    sqlite3.SQLITE_PERM: "cannot be written; check the permissions of the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; check that its folder exists and may be written",
    sqlite3.SQLITE_IOERR: "cannot be read or written; check that its disk is healthy and not full",
    sqlite3.SQLITE_CORRUPT: "is damaged; stop all workers and restore a backup",
    sqlite3.SQLITE_NOTADB: "is not a SQLite database, or is damaged; choose another file or restore a backup",
}

_CONNECTION_SURVIVES = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CONSTRAINT})


def primary_code(error: BaseException) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & _PRIMARY_CODE


def is_busy(error: sqlite3.Error) -> bool:
    return primary_code(error) == sqlite3.SQLITE_BUSY


def ends_connection(error: BaseException) -> bool:
    """Whether the next operation had better start on a new connection."""
    return isinstance(error, sqlite3.Error | OSError) and primary_code(error) not in _CONNECTION_SURVIVES


def explained(error: Exception, path: Path) -> Exception:
    """What the caller gets to see: StoreUnavailable for trouble with the file, else the error itself."""
    if isinstance(error, TTSQueueError) or not isinstance(error, sqlite3.Error | OSError):
        return error
    reason = "is a folder; name a file" if path.is_dir() else _reason(error)
    unavailable = StoreUnavailable(f"The job store {path} {reason}.")
    unavailable.__cause__ = error
    return unavailable


def _reason(error: Exception) -> str:
    return _SENTENCES.get(primary_code(error), f"cannot be used ({error}); check the file and its disk")
