"""Reading on a connection of its own: readers never wait for a writer's fsync."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from ttsqueue.providers.sqlite.connection import open_reader
from ttsqueue.providers.sqlite.faults import ends_connection, explained
from ttsqueue.providers.sqlite.lane import Errand
from ttsqueue.providers.sqlite.patience import patiently
from ttsqueue.providers.sqlite.snapshot import Snapshot

Reading = Errand[Snapshot]


class Reader:
    """A reading connection. Used by its lane's thread alone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._worn_out = False

    def serve(self, batch: Sequence[Reading]) -> None:
        """Answer all of them from one snapshot."""
        try:
            connection = self._connected()
            connection.execute("BEGIN")
        except Exception as error:
            for reading in batch:
                self._fail(reading, error)
            return
        snapshot = Snapshot(connection)
        for reading in batch:
            self._perform(reading, snapshot)
        self._let_go(connection)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = open_reader(self._path)
        return self._connection

    def _perform(self, reading: Reading, snapshot: Snapshot) -> None:
        try:
            reading.result = patiently(lambda: reading.work(snapshot))
        except Exception as error:
            self._fail(reading, error)

    def _fail(self, reading: Reading, error: Exception) -> None:
        reading.error = explained(error, self._path)
        if ends_connection(error):
            self._worn_out = True

    def _let_go(self, connection: sqlite3.Connection) -> None:
        try:
            connection.execute("ROLLBACK")
        except sqlite3.Error:
            self._worn_out = True
        if self._worn_out:
            self._worn_out = False
            self.close()
