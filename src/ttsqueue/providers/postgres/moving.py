"""Jobs leave for another store, and come from one. What is under way is kept in notes."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from ttsqueue.active_key import active_key
from ttsqueue.errors import DuplicateJob, InvalidJob, StoreUnavailable
from ttsqueue.jobs import JobStatus, Lease
from ttsqueue.moving import MOVED, Departed, Departures, MovingJob, moving_from_json
from ttsqueue.providers.postgres.identifiers import stored
from ttsqueue.providers.postgres.operation import Operation, Rows, Values, one
from ttsqueue.providers.postgres.reader import Reader

_UNSTORABLE = ("22", "23")
"""Classes of SQLSTATE: data that this database does not take, a reference to a user that it does not have."""


def taking_out(to: str, after: int, limit: int) -> Operation[Departures]:
    values = {"to": to, "after": after, "limit": limit}

    def answer(found: Rows) -> Departures:
        return Departures(tuple(str(row["id"]) for row in found), found[-1]["seq"] if found else after)

    statements = (("lock_departing", values), ("take_out", values))
    return Operation(statements, answer, changed=lambda departures: departures.job_ids)


async def departed(reader: Reader) -> list[Departed]:
    return [Departed(row["job_id"], row["to"]) for row in await reader.all("departed", {})]


async def departing(reader: Reader, job_id: str) -> MovingJob | None:
    row = await reader.one("departing", {"job_id": job_id})
    return moving_from_json(row["text"]) if row else None


def arriving(moving: MovingJob) -> Operation[str | None]:
    """InvalidJob."""

    def answer(found: Rows) -> str | None:
        row = found[0]
        if row["decision"] is not None:
            decided: str | None = row["decision"][1]
            return decided
        if row["taken_in"] or row["present"]:
            return None
        if row["twin_id"] is None:
            raise CameBetween
        return str(row["twin_id"])

    return Operation(_putting_in(moving, is_back=False), answer, changed=lambda _: [moving.job.id], wakes=True)


def coming_back(moving: MovingJob) -> Operation[bool]:
    def answer(found: Rows) -> bool:
        row = found[0]
        if row["taken_in"] or not row["kept"]:
            return bool(row["taken_in"])
        if row["twin_id"] is None:
            raise CameBetween
        raise DuplicateJob(str(row["twin_id"]), row["twin_status"])

    return Operation(_putting_in(moving, is_back=True), answer, changed=lambda _: [moving.job.id], wakes=True)


class CameBetween(StoreUnavailable):
    """A twin arrived while we did, and was not to be seen yet: look again."""


def being_gone(leases: Collection[Lease]) -> Operation[None]:
    return Operation(one("gone", _fences(leases)), lambda _: None)


def closing_arrivals(leases: Collection[Lease]) -> Operation[None]:
    return Operation(one("close_arrivals", _fences(leases)), lambda _: None)


def refusal(error: StoreUnavailable) -> InvalidJob | None:
    """What was refused for what the job holds, in words; None for trouble of another kind."""
    state = getattr(error.__cause__, "sqlstate", None)
    if state is None or not state.startswith(_UNSTORABLE):
        return None
    reason = getattr(getattr(error.__cause__, "diag", None), "message_primary", None) or state
    return InvalidJob(f"The database does not take it: {reason}.")


def _fences(leases: Collection[Lease]) -> Values:
    in_order = sorted(leases, key=lambda lease: lease.job_id)  # two that lock in one order never deadlock
    return {"ids": [lease.job_id for lease in in_order], "tokens": [lease.token for lease in in_order]}


def _putting_in(moving: MovingJob, *, is_back: bool) -> tuple[tuple[str, Values], ...]:
    values = _values(moving) | {"is_back": is_back, "history": _history(moving, is_back=is_back)}
    return (("lock_moving", {"id": values["id"]}), ("put_in", values))


def _values(moving: MovingJob) -> dict[str, Any]:
    job = moving.job
    names = (
        *("priority", "total_chapters", "max_attempts", "title", "run_at", "created_at", "started_at", "attempts"),
        *("claims", "voice_id", "progress_percent", "progress_message", "current_chapter", "error_message"),
        *("error_code", "last_error"),
    )
    return {name: getattr(job, name) for name in names} | {
        "id": stored(job.id, "id"),
        "work_id": stored(job.work_id, "workId"),
        "user_id": stored(job.user_id, "userId"),
        "job_type": job.job_type.value,
        "payload": moving.payload,
        "outline": moving.outline,
        "active_key": active_key(job.user_id, job.work_id, job.job_type, moving.chapter_ids),
        "lease": moving.lease.token,
        "characters": moving.characters,
        "chapters": json.dumps([_chapter(moving, place) for place in range(len(moving.chapters))]),
        "attempt_records": json.dumps([_record(attempt) for attempt in moving.attempts]),
        "keys": json.dumps([_record(key) for key in moving.keys]),
    }


def _chapter(moving: MovingJob, place: int) -> dict[str, Any]:
    spoken = moving.chapters[place]
    chapter = _record(spoken.chapter)
    return {**chapter, "position": chapter["index"], "finished_at": spoken.finished_at.isoformat()}


def _record(of: Any) -> dict[str, Any]:
    return {name: _plain(getattr(of, name)) for name in of.__slots__}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _history(moving: MovingJob, *, is_back: bool) -> str:
    """The last step has no time yet: the store's clock tells it."""
    changes = [_record(change) for change in moving.history]
    arrival = [] if is_back else [{"status": JobStatus.PENDING, "reason": MOVED}]
    return json.dumps([{**change, "place": place} for place, change in enumerate([*changes, *arrival])])
