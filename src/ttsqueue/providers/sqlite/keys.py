"""Keys of servers."""

from __future__ import annotations

from ttsqueue.errors import KeyNameTaken
from ttsqueue.providers.sqlite import rows
from ttsqueue.providers.sqlite.snapshot import Snapshot
from ttsqueue.providers.sqlite.transaction import Transaction
from ttsqueue.server_keys import ServerKey


def add_key(transaction: Transaction, key: ServerKey) -> None:
    values = {"name": key.name, "digest": key.digest, "is_admin": key.is_admin, "now": transaction.now}
    if not transaction.run("add_key", values):
        raise KeyNameTaken(key.name)


def remove_key(transaction: Transaction, name: str) -> bool:
    return transaction.run("remove_key", {"name": name}) > 0


def key_with(snapshot: Snapshot, digest: str) -> ServerKey | None:
    row = snapshot.one("key_with", {"digest": digest})
    return rows.server_key(row) if row else None


def keys(snapshot: Snapshot) -> list[ServerKey]:
    return [rows.server_key(row) for row in snapshot.all("keys", {})]
