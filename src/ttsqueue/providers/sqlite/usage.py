"""What a user has handed in lately."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from ttsqueue.providers.sqlite.adding import KEY_LIFETIME
from ttsqueue.providers.sqlite.clock import length
from ttsqueue.providers.sqlite.hashing import hashed
from ttsqueue.providers.sqlite.snapshot import Snapshot
from ttsqueue.providers.sqlite.transaction import Transaction

_LONGEST_WAY = length(timedelta(minutes=1))
"""From when a job gets its id to when it gets its time, waiting for the write lock between; with room to spare."""

USAGE_LIFETIME = KEY_LIFETIME


def characters_since(snapshot: Snapshot, user_id: str, span: timedelta) -> int:
    since = snapshot.now - length(span)
    values = {"user_id": user_id, "user_hash": hashed(user_id), "since": since}
    row = snapshot.one("characters_since", values | {"before_id": _first_id(max(since - _LONGEST_WAY, 0))})
    return int(row[0]) if row else 0


def prune(transaction: Transaction) -> None:
    transaction.run("prune_usage", {"since": transaction.now - USAGE_LIFETIME})


def _first_id(microseconds: int) -> str:
    """Smaller than the id of any job that got one at this time or later: UUIDv7 begin with milliseconds."""
    return str(UUID(int=microseconds // 1000 << 80))
