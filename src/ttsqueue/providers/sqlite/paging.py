"""Lists of jobs, newest first, in pages."""

from __future__ import annotations

import heapq
import json
from itertools import islice

from ttsqueue.jobs import JobStatus
from ttsqueue.listing import JobFilter, JobPage
from ttsqueue.providers.cursor import NEWEST, cursor_before, place_of
from ttsqueue.providers.sqlite import rows
from ttsqueue.providers.sqlite.clock import since_epoch
from ttsqueue.providers.sqlite.hashing import hashed
from ttsqueue.providers.sqlite.snapshot import Snapshot


def page(snapshot: Snapshot, which: JobFilter, limit: int, cursor: str | None) -> JobPage:
    before = place_of(cursor)
    values = _values(which) | {"before": before, "limit": limit + 1}
    lists = [snapshot.all(name, values | {"status": status}) for name, status in _queries(which)]
    found = list(islice(heapq.merge(*lists, key=lambda row: -row["seq"]), limit + 1))
    shown = found[:limit]
    more = len(found) > limit and limit > 0
    return JobPage(tuple(map(rows.job, shown)), cursor_before(shown[-1]["seq"]) if more else None)


def count(snapshot: Snapshot, which: JobFilter) -> int:
    values = _values(which) | {"before": NEWEST, "limit": -1}
    return sum(snapshot.count(name, values | {"status": status}) for name, status in _queries(which))


def may_take_long(which: JobFilter) -> bool:
    """Whether many jobs may have to be looked at for a page; else an index leads straight to it."""
    if any(wish is not None for wish in (which.error_code, which.priorities, which.created_before, which.text)):
        return True
    return ("page_pending", JobStatus.PENDING) in _queries(which)


def _queries(which: JobFilter) -> list[tuple[str, JobStatus | None]]:
    """The queries that together find all jobs, with the status that each looks for."""
    if which.user_id is not None:
        return [("page_of_user", None)]
    if which.work_id is not None:
        return [("page_of_work", None)]
    if which.statuses is None:
        return [("page_all", None)]
    return [("page_pending" if status is JobStatus.PENDING else "page_in_status", status) for status in which.statuses]


def _values(which: JobFilter) -> dict[str, object]:
    return {
        "user_id": which.user_id,
        "user_hash": hashed(which.user_id or ""),
        "work_id": which.work_id,
        "work_hash": hashed(which.work_id or ""),
        "statuses": None if which.statuses is None else json.dumps(list(which.statuses)),
        "error_code": which.error_code,
        "priorities": None if which.priorities is None else json.dumps(list(which.priorities)),
        "created_before": None if which.created_before is None else since_epoch(which.created_before),
        "text": None if which.text is None else which.text.casefold(),
    }
