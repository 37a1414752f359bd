"""What the readings of one batch share."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from ttsqueue.providers.sqlite import clock
from ttsqueue.providers.sqlite.sql import query, query_for_count


class Snapshot:
    """The store at one moment: no write in between is seen."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.now = clock.now()

    def one(self, name: str, values: Mapping[str, object]) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._connection.execute(query(name), values).fetchone()
        return row

    def all(self, name: str, values: Mapping[str, object]) -> list[sqlite3.Row]:
        return self._connection.execute(query(name), values).fetchall()

    def count(self, name: str, values: Mapping[str, object]) -> int:
        """How many rows the query would bring."""
        return int(self._connection.execute(query_for_count(name), values).fetchone()[0])
