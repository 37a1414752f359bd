"""Lists of jobs, newest first, in pages."""

from __future__ import annotations

import heapq
from collections.abc import AsyncIterator

from ttsqueue.jobs import JobStatus
from ttsqueue.listing import JobFilter, JobPage
from ttsqueue.providers.cursor import NEWEST, cursor_before, place_of
from ttsqueue.providers.redis import rows
from ttsqueue.providers.redis.clock import moment
from ttsqueue.providers.redis.lane import Lane
from ttsqueue.providers.redis.rows import Row

_SEARCHED_AT_ONCE = 500


async def page(lane: Lane, which: JobFilter, limit: int, cursor: str | None) -> JobPage:
    before = place_of(cursor)
    lists = [await _first(lane, which, index, before, limit + 1) for index in _indexes(which)]
    found = list(heapq.merge(*lists, key=lambda row: -int(row["seq"])))[: limit + 1]
    shown = found[:limit]
    more = len(found) > limit and limit > 0
    return JobPage(tuple(map(rows.job, shown)), cursor_before(int(shown[-1]["seq"])) if more else None)


async def count(lane: Lane, which: JobFilter) -> int:
    number = 0
    for index in _indexes(which):
        if _is_index_alone(which):
            number += (await lane.run("number_of", {"index": index}))[1]
        else:
            async for row in _below(lane, index, NEWEST, _SEARCHED_AT_ONCE):
                number += _fits(row, which)
    return number


async def _first(lane: Lane, which: JobFilter, index: str, before: int, limit: int) -> list[Row]:
    found: list[Row] = []
    at_once = limit if _is_index_alone(which) else max(limit, _SEARCHED_AT_ONCE)
    async for row in _below(lane, index, before, at_once):
        if _fits(row, which):
            found.append(row)
        if len(found) >= limit:
            break
    return found


async def _below(lane: Lane, index: str, before: int, at_once: int) -> AsyncIterator[Row]:
    while True:
        _, found = await lane.run("page", {"index": index, "before": before, "limit": at_once})
        for row in found:
            before = int(row["seq"])
            yield row
        if len(found) < at_once:
            return


def _indexes(which: JobFilter) -> list[str]:
    """The indexes that together lead to all jobs."""
    if which.user_id is not None:
        return [f"user:{which.user_id}"]
    if which.work_id is not None:
        return [f"work:{which.work_id}"]
    if which.statuses is None:
        return ["all"]
    return [f"status:{status}" for status in which.statuses]


def _is_index_alone(which: JobFilter) -> bool:
    by_owner = which.user_id is not None or which.work_id is not None
    others = (which.error_code, which.priorities, which.created_before, which.text)
    both = which.user_id is not None and which.work_id is not None
    return all(wish is None for wish in others) and not both and (which.statuses is None or not by_owner)


def _fits(row: Row, which: JobFilter) -> bool:
    return (
        (which.work_id is None or row["work_id"] == which.work_id)
        and (which.statuses is None or JobStatus(row["status"]) in which.statuses)
        and (which.error_code is None or row.get("error_code") == which.error_code)
        and (which.priorities is None or int(row["priority"]) in which.priorities)
        and (which.created_before is None or moment(row["created_at"]) < which.created_before)
        and (which.text is None or which.text.casefold() in row["title"].casefold())
    )
