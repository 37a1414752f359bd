"""Lists of jobs, newest first, in pages."""

from __future__ import annotations

import base64
import binascii
import heapq
import json
import sqlite3
from collections.abc import Iterable
from itertools import islice

from ttsqueue.errors import InvalidJob
from ttsqueue.jobs import JobStatus
from ttsqueue.listing import JobFilter, JobPage
from ttsqueue.providers.sqlite import rows
from ttsqueue.providers.sqlite.hashing import hashed
from ttsqueue.providers.sqlite.snapshot import Snapshot

_PREFIX = b"before:"
_NEWEST = 2**63 - 1
_NOT_OURS = "This cursor was not made by this queue; start again without one."


def page(snapshot: Snapshot, which: JobFilter, limit: int, cursor: str | None) -> JobPage:
    before = _NEWEST if cursor is None else _read(cursor)
    found = list(islice(_newest(snapshot, which, before, limit + 1), limit + 1))
    shown = found[:limit]
    more = len(found) > limit and limit > 0
    return JobPage(tuple(map(rows.job, shown)), _write(shown[-1]["seq"]) if more else None)


def _newest(snapshot: Snapshot, which: JobFilter, before: int, limit: int) -> Iterable[sqlite3.Row]:
    if which.user_id is not None or which.work_id is not None:
        return _of_someone(snapshot, which, before, limit)
    values: dict[str, object] = {"before": before, "limit": limit}
    if which.statuses is None:
        return snapshot.all("page_all", values)
    lists = [
        snapshot.all("page_pending" if status is JobStatus.PENDING else "page_in_status", values | {"status": status})
        for status in which.statuses
    ]
    return heapq.merge(*lists, key=lambda row: -row["seq"])


def _of_someone(snapshot: Snapshot, which: JobFilter, before: int, limit: int) -> list[sqlite3.Row]:
    values = {
        "user_id": which.user_id,
        "user_hash": hashed(which.user_id or ""),
        "work_id": which.work_id,
        "work_hash": hashed(which.work_id or ""),
        "statuses": None if which.statuses is None else json.dumps(list(which.statuses)),
        "before": before,
        "limit": limit,
    }
    return snapshot.all("page_of_work" if which.user_id is None else "page_of_user", values)


def _write(seq: int) -> str:
    return base64.urlsafe_b64encode(_PREFIX + str(seq).encode()).decode()


def _read(cursor: str) -> int:
    try:
        prefix, _, number = base64.b64decode(cursor, b"-_", validate=True).partition(_PREFIX)
        seq = int(number)
    except (ValueError, binascii.Error):
        raise InvalidJob(_NOT_OURS) from None
    if prefix or not 0 < seq <= _NEWEST:
        raise InvalidJob(_NOT_OURS)
    return seq
