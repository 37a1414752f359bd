"""Writes of a lease holder. Each is fenced in its first statement: no row, no lease, nothing written."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection

from ttsqueue.errors import LeaseLost
from ttsqueue.jobs import Job, Lease, Progress
from ttsqueue.providers.sqlite import rows
from ttsqueue.providers.sqlite.counting import count_spoken
from ttsqueue.providers.sqlite.transaction import Transaction
from ttsqueue.result import FinishedChapter


def heartbeat(transaction: Transaction, leases: Collection[Lease]) -> frozenset[Lease]:
    return frozenset(lease for lease in leases if not transaction.run("heartbeat", _fence(transaction, lease)))


def update_progress(transaction: Transaction, lease: Lease, progress: Progress) -> Job:
    report: dict[str, object] = {
        "percent": progress.percent,
        "message": progress.message,
        "current_chapter": progress.current_chapter,
        "eta_seconds": progress.eta_seconds,
    }
    return rows.job(fenced(transaction, "update_progress", lease, report))


def freeze_voice(transaction: Transaction, lease: Lease, voice_id: str) -> Job:
    return rows.job(fenced(transaction, "freeze_voice", lease, {"voice_id": voice_id}))


def save_chapter(transaction: Transaction, lease: Lease, chapter: FinishedChapter) -> Job:
    row = fenced(transaction, "touch_for_chapter", lease, {"position": chapter.index})
    values = {
        "job": row["seq"],
        "position": chapter.index,
        "audio_file_id": chapter.audio_file_id,
        "duration": chapter.duration,
        "silent": chapter.silent,
        "sound": json.dumps(dict(chapter.sound)),
        "lease": lease.token,
        "now": transaction.now,
    }
    transaction.run("save_chapter", values)
    count_spoken(transaction, row["seq"], chapter.index, chapter.duration)
    return rows.job(row)


def forget_chapter(transaction: Transaction, lease: Lease, index: int) -> None:
    row = fenced(transaction, "touch_job", lease, {})
    transaction.run("forget_chapter", {"job": row["seq"], "position": index})


def fenced(transaction: Transaction, query: str, lease: Lease, values: dict[str, object]) -> sqlite3.Row:
    """The changed row. LeaseLost when the query's WHERE found none."""
    rows_changed = transaction.all(query, _fence(transaction, lease) | {"number": transaction.number} | values)
    if not rows_changed:
        raise LeaseLost(lease.job_id)
    return rows_changed[0]


def _fence(transaction: Transaction, lease: Lease) -> dict[str, object]:
    return {"id": lease.job_id, "lease": lease.token, "now": transaction.now}
