"""Lists of jobs, newest first, in pages."""

from __future__ import annotations

import heapq
from itertools import islice

from ttsqueue.jobs import JobStatus
from ttsqueue.listing import JobFilter, JobPage
from ttsqueue.providers.cursor import NEWEST, cursor_before, place_of
from ttsqueue.providers.postgres import rows
from ttsqueue.providers.postgres.identifiers import known
from ttsqueue.providers.postgres.reader import Reader


async def page(reader: Reader, which: JobFilter, limit: int, cursor: str | None) -> JobPage:
    before = place_of(cursor)
    values = _values(which) | {"before": before, "limit": limit + 1}
    lists = [await reader.all(name, values | {"status": status}) for name, status in _queries(which)]
    found = list(islice(heapq.merge(*lists, key=lambda row: -row["seq"]), limit + 1))
    shown = found[:limit]
    more = len(found) > limit and limit > 0
    return JobPage(tuple(map(rows.job, shown)), cursor_before(shown[-1]["seq"]) if more else None)


async def count(reader: Reader, which: JobFilter) -> int:
    values = _values(which) | {"before": NEWEST, "limit": None}
    return sum([await reader.count(name, values | {"status": status}) for name, status in _queries(which)])


def _queries(which: JobFilter) -> list[tuple[str, JobStatus | None]]:
    """The queries that together find all jobs, with the status that each looks for."""
    if which.user_id is not None:
        return [("page_of_user", None)]
    if which.work_id is not None:
        return [("page_of_work", None)]
    if which.statuses is None:
        return [("page_all", None)]
    return [("page_in_status", status) for status in which.statuses]


def _values(which: JobFilter) -> dict[str, object]:
    return {
        "user_id": None if which.user_id is None else known(which.user_id),
        "work_id": None if which.work_id is None else known(which.work_id),
        "statuses": None if which.statuses is None else [status.value for status in which.statuses],
        "error_code": which.error_code,
        "priorities": None if which.priorities is None else list(which.priorities),
        "created_before": which.created_before,
        "text": which.text,
    }
