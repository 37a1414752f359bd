"""Telling the sleepers of every process that a commit brought work. Used by the writing thread."""

from __future__ import annotations

from collections.abc import Sequence

from ttsqueue.providers.sqlite.doorbell import Ringer
from ttsqueue.providers.sqlite.transaction import Transaction


class Announcer:
    def __init__(self) -> None:
        self._ringer = Ringer()
        self._to_ring: Sequence[str] = ()
        self._dead: Sequence[str] = ()

    def prepare(self, transaction: Transaction) -> None:
        """Inside the transaction: whoever hangs a doorbell later will see its rows."""
        for path in self._dead:
            transaction.run("remove_doorbell", {"path": path})
        self._dead = ()
        news = transaction.has_news_for_workers
        self._to_ring = [row["path"] for row in transaction.all("doorbells", {})] if news else ()

    def announce(self) -> None:
        """After the commit."""
        self._dead = self._ringer.ring(self._to_ring)

    def close(self) -> None:
        self._ringer.close()
