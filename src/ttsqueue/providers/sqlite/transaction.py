"""What one commit's operations share."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from functools import cached_property

from ttsqueue.providers.sqlite import clock
from ttsqueue.providers.sqlite.sql import query, query_for_rows

Values = Mapping[str, object]

_MOST_ROWS = 64
"""In one statement. Fewer come in powers of two, so that few different statements are prepared and kept."""


class Transaction:
    """Holds the write lock. An operation either raises before its first write, or succeeds."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.now = clock.now()
        """Read under the lock, so that times follow the order of commits."""
        self.has_news_for_workers = False

    @property
    def number(self) -> int:
        """For what this commit changes: greater than any that another commit gave, shared by all of this one's."""
        return self._counter

    def next_seq(self) -> int:
        """For a job that arrives in this commit."""
        self._counter += 1
        return self._counter

    @cached_property
    def _counter(self) -> int:
        row = self.one("counter", {})
        return int(row[0]) + 1 if row else 1

    def run(self, name: str, values: Values) -> int:
        """The number of rows that the query inserted, changed or deleted."""
        return self._connection.execute(query(name), values).rowcount

    def insert(self, name: str, rows: Sequence[Sequence[object]]) -> int:
        """Insert all of them, with few statements; the number that were inserted.

        While a statement runs, other threads have the interpreter to themselves; between many small ones they would
        fight for it.
        """
        inserted = start = 0
        while start < len(rows):
            size = min(_MOST_ROWS, 1 << (len(rows) - start).bit_length() - 1)
            values = [value for row in rows[start : start + size] for value in row]
            inserted += self._connection.execute(query_for_rows(name, size), values).rowcount
            start += size
        return inserted

    def one(self, name: str, values: Values) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._connection.execute(query(name), values).fetchone()
        return row

    def all(self, name: str, values: Values) -> list[sqlite3.Row]:
        return self._connection.execute(query(name), values).fetchall()
