"""Jobs leave for another store, and come from one."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from ttsqueue.active_key import active_key
from ttsqueue.errors import DuplicateJob
from ttsqueue.jobs import Job, Lease
from ttsqueue.moving import MOVED, Departed, Departures, MovingJob, SpokenChapter, UsedKey
from ttsqueue.providers.redis import rows
from ttsqueue.providers.redis.clock import moment, since_epoch
from ttsqueue.providers.redis.keys import once
from ttsqueue.providers.redis.lane import Answer, Lane
from ttsqueue.records import Attempt

_KEY_LIFETIME = timedelta(days=1)

_ALIKE = (
    *("id", "work_id", "user_id", "priority", "total_chapters", "attempts", "max_attempts", "claims", "title"),
    *("voice_id", "progress_percent", "progress_message", "current_chapter", "error_message", "error_code"),
    "last_error",
)
"""What a job's hash holds under the same name and as it is."""


async def take_out(lane: Lane, to: str, after: int, limit: int) -> Departures:
    """On past what may not leave now."""
    while True:
        _, left, last, seen = await lane.run("take_out", {"to": to, "after": after, "limit": limit})
        if left or not seen:
            return Departures(tuple(left), int(last))
        after = int(last)


async def departed(lane: Lane) -> list[Departed]:
    _, flat = await lane.run("departed", {})
    return [Departed(job_id, to) for job_id, to in rows.row(flat).items()]


async def departing(lane: Lane, job_id: str) -> MovingJob | None:
    answer = await lane.run("departing", {"id": job_id})
    return None if answer[0] == "gone" else _packed(answer)


async def arrive(lane: Lane, moving: MovingJob) -> str | None:
    _, twin = await lane.run("arrive", _described(moving), moving.outline, moving.payload)
    return twin or None


async def close(lane: Lane, script: str, leases: Collection[Lease]) -> None:
    """`gone` and `close_arrivals` have the same form."""
    if leases:
        await lane.run(script, {"leases": [[lease.job_id, lease.token] for lease in leases]})


async def come_back(lane: Lane, lease: Lease) -> bool:
    answer = await lane.run("come_back", {"id": lease.job_id, "token": lease.token})
    if answer[0] == "duplicate":
        raise DuplicateJob(answer[1], answer[2])
    return bool(answer[1])


def _packed(answer: Answer) -> MovingJob:
    _, flat, outline, payload, chapters, attempts, history, used, now = answer
    row = rows.row(flat)
    job = rows.job(row)
    return MovingJob(
        job,
        Lease(job.id, int(row["lease"])),
        payload,
        outline,
        tuple(
            SpokenChapter(record.finished, record.finished_at)
            for record in rows.chapters(outline, chapters)
            if record.finished is not None and record.finished_at is not None
        ),
        tuple(rows.attempts(row, attempts)),
        tuple(rows.history(row, history)[1:]),
        _keys(row, used, int(now)),
    )


def _keys(row: rows.Row, used: Sequence[Any], now: int) -> tuple[UsedKey, ...]:
    if not used:
        return ()
    body_hash, seconds_left = used
    used_at = moment(now) - _KEY_LIFETIME + timedelta(seconds=seconds_left)
    return (UsedKey(row["once_key"], body_hash, used_at),)


def _described(moving: MovingJob) -> dict[str, Any]:
    """The arguments of arrive.lua."""
    return {
        "job": _row(moving),
        "lease": moving.lease.token,
        "chapters": [_chapter(spoken) for spoken in moving.chapters],
        "attempts": [_attempt(attempt) for attempt in moving.attempts],
        "history": [json.dumps([_text(each.at), each.status, each.reason]) for each in moving.history],
        "reason": MOVED,
        "keys": [_key(moving.job, key) for key in moving.keys],
    }


def _row(moving: MovingJob) -> dict[str, Any]:
    job = moving.job
    newest_key = (
        {"once": once(job.user_id, moving.keys[-1].key), "once_key": moving.keys[-1].key} if moving.keys else {}
    )
    row = {
        **{name: getattr(job, name) for name in _ALIKE},
        **newest_key,
        "job_type": job.job_type.value,
        "created_at": _text(job.created_at),
        "run_at": _text(job.run_at),
        "started_at": None if job.started_at is None else _text(job.started_at),
        "lease": moving.lease.token,
        "active_key": active_key(job.user_id, job.work_id, job.job_type, moving.chapter_ids),
        "characters": moving.characters,
        "first": _first_unfinished(moving),
    }
    return {name: value for name, value in row.items() if value is not None}


def _first_unfinished(moving: MovingJob) -> int:
    finished = {spoken.chapter.index for spoken in moving.chapters}
    return next(index for index in range(len(finished) + 1) if index not in finished)


def _chapter(spoken: SpokenChapter) -> tuple[str, str]:
    sound = json.dumps(rows.sound_of(spoken.chapter))
    return str(spoken.chapter.index), json.dumps([_text(spoken.finished_at), sound])


def _attempt(attempt: Attempt) -> str:
    ended = None if attempt.ended_at is None else _text(attempt.ended_at)
    times = _text(attempt.started_at), ended
    return json.dumps([str(attempt.number), attempt.worker_id, *times, attempt.outcome, attempt.error])


def _key(job: Job, key: UsedKey) -> tuple[str, str, str]:
    return once(job.user_id, key.key), key.body_hash, _text(key.used_at)


def _text(when: datetime) -> str:
    return str(since_epoch(when))
