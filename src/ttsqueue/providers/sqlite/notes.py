"""Notes that processes leave for each other."""

from __future__ import annotations

from ttsqueue.notes import Note
from ttsqueue.providers.sqlite import clock
from ttsqueue.providers.sqlite.snapshot import Snapshot
from ttsqueue.providers.sqlite.transaction import Transaction


def note(snapshot: Snapshot, name: str) -> Note:
    row = snapshot.one("note", {"name": name})
    text, version = (row["text"], row["version"]) if row else ("", 0)
    return Note(name, text, version, clock.moment(snapshot.now))


def write_note(transaction: Transaction, name: str, text: str, version: int) -> bool:
    statement = "replace_note" if version else "write_first_note"
    return transaction.run(statement, {"name": name, "text": text, "version": version}) > 0
