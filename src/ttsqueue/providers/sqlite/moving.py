"""Jobs leave for another store, and come from one. What is under way is kept in notes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from datetime import timedelta

from ttsqueue.errors import DuplicateJob
from ttsqueue.jobs import Lease
from ttsqueue.moving import Departed, Departures, MovingJob, moving_from_json, moving_to_json
from ttsqueue.providers.sqlite.clock import length
from ttsqueue.providers.sqlite.leaving import tell_watchers
from ttsqueue.providers.sqlite.packing import hashes_of, packed, unpack
from ttsqueue.providers.sqlite.snapshot import Snapshot
from ttsqueue.providers.sqlite.transaction import Transaction

_CLOSED_ARE_KEPT = length(timedelta(days=1))


def take_out(transaction: Transaction, to: str, after: int, limit: int) -> Departures:
    values = {"after": after, "limit": limit, "now": transaction.now, "number": transaction.number}
    leaving = sorted(transaction.all("take_out", values), key=lambda row: int(row["seq"]))
    for row in leaving:
        text = moving_to_json(packed(transaction, row), to=to, seq=row["seq"])
        _write(transaction, _departed(row["id"]), text, version=row["lease"])
        transaction.run("delete_job", {"id": row["id"]})
    tell_watchers(transaction, [row["id"] for row in leaving])
    return Departures(tuple(row["id"] for row in leaving), leaving[-1]["seq"] if leaving else after)


def departed(snapshot: Snapshot) -> list[Departed]:
    return [Departed(row["job_id"], row["to"]) for row in snapshot.all("departed", {})]


def departing(snapshot: Snapshot, job_id: str) -> MovingJob | None:
    entry = snapshot.one("note", {"name": _departed(job_id)})
    return moving_from_json(entry["text"]) if entry else None


def arrive(transaction: Transaction, moving: MovingJob) -> str | None:
    name = f"arrived:{moving.job.id}"
    decided = transaction.one("note", {"name": name})
    if decided and json.loads(decided["text"])[0] >= moving.lease.token:
        twin: str | None = json.loads(decided["text"])[1]
        return twin
    twin = _take_in(transaction, moving)
    _write(transaction, name, json.dumps([moving.lease.token, twin, None]))
    return twin


def _take_in(transaction: Transaction, moving: MovingJob) -> str | None:
    if transaction.one("get_job", {"id": moving.job.id}):
        return None
    if twin := _twin(transaction, moving):
        return str(twin["id"])
    unpack(transaction, moving, transaction.next_seq(), is_new_here=True)
    _write(transaction, "newest arrival", str(transaction.now))
    return None


def come_back(transaction: Transaction, lease: Lease) -> bool:
    entry = transaction.one("note", {"name": _departed(lease.job_id)})
    if entry is None or entry["version"] != lease.token:
        return False
    moving = moving_from_json(entry["text"])
    if twin := _twin(transaction, moving):
        raise DuplicateJob(twin["id"], twin["status"])
    unpack(transaction, moving, json.loads(entry["text"])["seq"], is_new_here=False)
    gone(transaction, [lease])
    return True


def gone(transaction: Transaction, leases: Collection[Lease]) -> None:
    for lease in leases:
        transaction.run("remove_note", {"name": _departed(lease.job_id), "version": lease.token})


def close_arrivals(transaction: Transaction, leases: Collection[Lease]) -> None:
    for lease in leases:
        name = f"arrived:{lease.job_id}"
        row = transaction.one("note", {"name": name})
        token, twin, closed_at = json.loads(row["text"]) if row else (None, None, None)
        if token == lease.token and closed_at is None:
            _write(transaction, name, json.dumps([token, twin, transaction.now]))


def prune(transaction: Transaction) -> None:
    transaction.run("prune_arrivals", {"since": transaction.now - _CLOSED_ARE_KEPT})


def _twin(transaction: Transaction, moving: MovingJob) -> sqlite3.Row | None:
    return transaction.one("active_job", hashes_of(moving))


def _write(transaction: Transaction, name: str, text: str, version: int = 1) -> None:
    transaction.run("put_note", {"name": name, "text": text, "version": version})


def _departed(job_id: str) -> str:
    """The version of such a note is the lease of the departure."""
    return f"departed:{job_id}"
