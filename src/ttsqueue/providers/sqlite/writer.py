"""Group commit: every write that waits goes to disk in one transaction, with one fsync."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path
from typing import cast

from ttsqueue.errors import DuplicateJob, StoreUnavailable, TTSQueueError
from ttsqueue.providers.sqlite.adding import Addition, add_all
from ttsqueue.providers.sqlite.connection import open_writer
from ttsqueue.providers.sqlite.faults import ends_connection, explained
from ttsqueue.providers.sqlite.lane import Errand
from ttsqueue.providers.sqlite.patience import patiently
from ttsqueue.providers.sqlite.transaction import Transaction

Writing = Errand[Transaction]

QUICK = 0.001
"""Seconds; a commit that takes longer has no place on the event loop."""


class _HalfDone(Exception):
    """An operation raised after it had written something; the transaction must not be committed."""


class Writer:
    """The one writing connection of a provider. Its lane sees to it that one thread uses it at a time."""

    def __init__(self, path: Path, before_commit: Callable[[Transaction], None], after_commit: Callable[[], None]):
        self._path = path
        self._before_commit = before_commit
        self._after_commit = after_commit
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._commit_time = QUICK
        """Of late, in seconds: a moving average."""

    def serve(self, group: Sequence[Writing]) -> None:
        """Commit all of them together; when that fails, each alone, so that one cannot spoil the others."""
        try:
            connection = self._connected()
            patiently(lambda: connection.execute("BEGIN IMMEDIATE"))
        except Exception as error:
            self._give_up(group, error)
            return
        self._commit_or_give_up(connection, group)

    def serve_here(self, writing: Writing) -> bool:
        """Commit a lone write without waiting for anybody. False if the disk is slow or another process writes."""
        if self._connection is None or self._commit_time >= QUICK:
            return False
        try:
            self._connected().execute("BEGIN IMMEDIATE")
        except (sqlite3.Error, StoreUnavailable):
            return False
        self._commit_or_give_up(self._connection, [writing])
        return True

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = open_writer(self._path)
            self._file = _identity(self._path)
        elif _identity(self._path) != self._file:
            raise StoreUnavailable(f"The job store {self._path} was moved or deleted; put it back or restart.")
        return self._connection

    def _commit_or_give_up(self, connection: sqlite3.Connection, group: Sequence[Writing]) -> None:
        try:
            self._commit(connection, group)
        except Exception as error:
            self._roll_back(connection)
            if len(group) == 1:
                self._give_up(group, error)
            else:
                for writing in group:
                    self.serve([writing])

    def _commit(self, connection: sqlite3.Connection, group: Sequence[Writing]) -> None:
        transaction = Transaction(connection)
        for is_addition, run in groupby(group, _is_addition):
            if is_addition:
                _add(list(run), transaction)
            else:
                for writing in run:
                    _perform(writing, transaction, connection)
        self._before_commit(transaction)
        start = time.perf_counter()
        connection.execute("COMMIT")
        self._commit_time += (time.perf_counter() - start - self._commit_time) / 8
        self._after_commit()

    def _roll_back(self, connection: sqlite3.Connection) -> None:
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error:
            self.close()

    def _give_up(self, group: Sequence[Writing], error: Exception) -> None:
        if ends_connection(error):
            self.close()
        for writing in group:
            writing.result = None
            writing.error = explained(_cause(error), self._path)


def _is_addition(writing: Writing) -> bool:
    return isinstance(writing.work, Addition)


def _add(writings: Sequence[Writing], transaction: Transaction) -> None:
    jobs = add_all(transaction, [cast("Addition", writing.work) for writing in writings])
    for writing, job in zip(writings, jobs, strict=True):
        writing.result, writing.error = (None, job) if isinstance(job, DuplicateJob) else (job, None)


def _perform(writing: Writing, transaction: Transaction, connection: sqlite3.Connection) -> None:
    writing.error = None
    changes = connection.total_changes
    try:
        writing.result = writing.work(transaction)
    except TTSQueueError as error:
        if connection.total_changes != changes:
            raise _HalfDone from error
        writing.error = error


def _cause(error: Exception) -> Exception:
    cause = error.__cause__
    return cause if isinstance(error, _HalfDone) and isinstance(cause, Exception) else error


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file this is; SQLite would go on writing to one that nobody can find any more."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
