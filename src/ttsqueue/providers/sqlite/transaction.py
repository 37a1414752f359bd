"""What one commit's operations share."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from functools import cached_property

from ttsqueue.providers.sqlite import clock
from ttsqueue.providers.sqlite.sql import query

Values = Mapping[str, object]


class Transaction:
    """Holds the write lock. An operation either raises before its first write, or succeeds."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.now = clock.now()
        """Read under the lock, so that times follow the order of commits."""
        self.has_news_for_workers = False
        self._added = 0

    @property
    def number(self) -> int:
        """For what this commit changes: greater than any that another commit gave, shared by all of this one's."""
        return self._counter

    def next_seq(self) -> int:
        """For a job that arrives in this commit."""
        self._counter += 1
        return self._counter

    def added(self) -> None:
        """A pending job was inserted."""
        self._added += 1
        self.has_news_for_workers = True

    def finish(self) -> None:
        """Write down what is kept once per commit."""
        if self._added:
            self.run("count_added", {"jobs": self._added})

    @cached_property
    def _counter(self) -> int:
        row = self.one("counter", {})
        return int(row[0]) + 1 if row else 1

    def run(self, name: str, values: Values) -> int:
        """The number of rows that the query inserted, changed or deleted."""
        return self._connection.execute(query(name), values).rowcount

    def one(self, name: str, values: Values) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._connection.execute(query(name), values).fetchone()
        return row

    def all(self, name: str, values: Values) -> list[sqlite3.Row]:
        return self._connection.execute(query(name), values).fetchall()
