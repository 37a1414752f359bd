"""Questions about one job or the whole queue. None of them waits for a write."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from ttsqueue.book import Payload
from ttsqueue.contract import payload_from_json
from ttsqueue.errors import InvalidJob, JobNotFound
from ttsqueue.jobs import Claim, Job, JobStatus, Lease
from ttsqueue.listing import QueueStats
from ttsqueue.providers.sqlite import rows
from ttsqueue.providers.sqlite.clock import length, moment
from ttsqueue.providers.sqlite.snapshot import Snapshot
from ttsqueue.records import Attempt, ChapterRecord, StateChange
from ttsqueue.workers import Worker


def get(snapshot: Snapshot, job_id: str) -> Job:
    return rows.job(_row(snapshot, job_id))


def payload(snapshot: Snapshot, job_id: str) -> Payload:
    row = _row(snapshot, job_id, "payload")
    try:
        data = json.loads(row["body"])
    except ValueError:
        raise InvalidJob("The stored payload is not JSON.") from None
    return payload_from_json(data)


def chapters(snapshot: Snapshot, job_id: str) -> list[ChapterRecord]:
    row = _row(snapshot, job_id, "outline")
    finished = {entry["position"]: entry for entry in snapshot.all("finished_chapters", {"job": row["seq"]})}
    return [
        _chapter(position, outline, finished.get(position))
        for position, outline in enumerate(json.loads(row["outline"]))
    ]


def attempts(snapshot: Snapshot, job_id: str) -> list[Attempt]:
    seq = _row(snapshot, job_id)["seq"]
    return [rows.attempt(row) for row in snapshot.all("attempts", {"job": seq})]


def history(snapshot: Snapshot, job_id: str) -> list[StateChange]:
    row = _row(snapshot, job_id)
    first = StateChange(moment(row["created_at"]), JobStatus.PENDING)
    return [first, *(rows.state_change(change) for change in snapshot.all("history", {"job": row["seq"]}))]


def position(snapshot: Snapshot, job_id: str) -> int | None:
    row = _row(snapshot, job_id)
    if row["status"] != JobStatus.PENDING:
        return None
    place = {name: row[name] for name in ("priority", "run_at", "seq")}
    return _number(snapshot.one("position", place | {"now": snapshot.now}))


def stats(snapshot: Snapshot) -> QueueStats:
    counts = {row["status"]: row["jobs"] for row in snapshot.all("counts", {})}
    return QueueStats(**counts, delayed=_number(snapshot.one("delayed", {"now": snapshot.now})))


def next_due(snapshot: Snapshot) -> timedelta | None:
    row = snapshot.one("next_due", {})
    if row is None or row[0] is None:
        return None
    return timedelta(microseconds=max(row[0] - snapshot.now, 0))


def waiting_since(snapshot: Snapshot) -> datetime | None:
    row = snapshot.one("waiting_since", {})
    earliest = row[0] if row else None
    return moment(earliest) if earliest is not None and earliest <= snapshot.now else None


def lost(snapshot: Snapshot, leases: Collection[Lease]) -> frozenset[Lease]:
    ids = json.dumps([lease.job_id for lease in leases])
    held = {Lease(row["id"], row["lease"]) for row in snapshot.all("held_leases", {"ids": ids})}
    return frozenset(leases) - held


def stuck(snapshot: Snapshot, silent_for: timedelta, limit: int) -> Sequence[Claim]:
    silent_since = snapshot.now - length(silent_for)
    return [rows.claim(row) for row in snapshot.all("stuck_jobs", {"silent_since": silent_since, "limit": limit})]


def workers(snapshot: Snapshot) -> list[Worker]:
    held: dict[str, list[str]] = {}
    for row in snapshot.all("jobs_in_work", {}):
        held.setdefault(row["worker_id"], []).append(row["id"])
    return [rows.worker(row, tuple(held.get(row["name"], ()))) for row in snapshot.all("workers", {})]


def claims_of(snapshot: Snapshot, worker: str) -> list[Claim]:
    return [rows.claim(row) for row in snapshot.all("claims_of_worker", {"worker": worker})]


def is_paused(snapshot: Snapshot) -> bool:
    return bool(_number(snapshot.one("is_paused", {})))


def _row(snapshot: Snapshot, job_id: str, name: str = "get_job") -> sqlite3.Row:
    row = snapshot.one(name, {"id": job_id})
    if row is None:
        raise JobNotFound(job_id)
    return row


def _number(row: sqlite3.Row | None) -> int:
    return int(row[0]) if row else 0


def _chapter(position: int, outline: Sequence[object], row: sqlite3.Row | None) -> ChapterRecord:
    chapter_id, title, characters = outline
    return ChapterRecord(
        index=position,
        chapter_id=str(chapter_id),
        title=str(title),
        characters=int(str(characters)),
        finished=rows.finished_chapter(row) if row else None,
        finished_at=moment(row["finished_at"]) if row else None,
    )
