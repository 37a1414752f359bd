"""A job on its way from one store to another, with all that belongs to it. Values only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any

from ttsqueue.jobs import Job, JobStatus, JobType, Lease
from ttsqueue.records import Attempt, StateChange
from ttsqueue.result import FinishedChapter

MOVED = "moved"
"""Why a job is pending in a store that it came to from another one."""

_TIMES = ("created_at", "updated_at", "run_at", "started_at")


@dataclass(frozen=True, slots=True)
class SpokenChapter:
    """A chapter that needs no voice any more."""

    chapter: FinishedChapter
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class UsedKey:
    """An idempotency key that stands for the job."""

    key: str
    body_hash: str
    used_at: datetime


@dataclass(frozen=True, slots=True)
class MovingJob:
    """A pending job as it leaves. Its lease is that of this departure: each departure has a greater one."""

    job: Job
    lease: Lease
    payload: str
    """JSON as it is stored, read by nobody on the way."""
    outline: str
    """JSON: [[chapter id, title, characters], ...]."""
    chapters: tuple[SpokenChapter, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    history: tuple[StateChange, ...] = ()
    """Without the first state, pending since it was created."""
    keys: tuple[UsedKey, ...] = ()

    @property
    def chapter_ids(self) -> list[str]:
        return [str(entry[0]) for entry in json.loads(self.outline)]

    @property
    def characters(self) -> int:
        return sum(int(entry[2]) for entry in json.loads(self.outline))


@dataclass(frozen=True, slots=True)
class Departures:
    """Jobs that left together."""

    job_ids: tuple[str, ...]
    last: int
    """The number of arrival of the last one: the next ones are behind it."""


@dataclass(frozen=True, slots=True)
class Departed:
    """A job that has left and of which nobody has said yet that it is there."""

    job_id: str
    to: str
    """Where it goes: the identity of that store."""


def moving_to_json(moving: MovingJob, **further: object) -> str:
    """What a store keeps of a departed job."""
    entry = asdict(moving, dict_factory=_plain) | {"lease": moving.lease.token} | further
    return json.dumps(entry, ensure_ascii=False)


def _plain(items: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in items}


def moving_from_json(text: str) -> MovingJob:
    """Members beside those of moving_to_json do no harm."""
    found = json.loads(text)
    job = _job(found["job"])
    return MovingJob(
        job,
        Lease(job.id, found["lease"]),
        found["payload"],
        found["outline"],
        tuple(_chapter(each) for each in found["chapters"]),
        tuple(_attempt(each) for each in found["attempts"]),
        tuple(StateChange(_moment(each["at"]), JobStatus(each["status"]), each["reason"]) for each in found["history"]),
        tuple(UsedKey(each["key"], each["body_hash"], _moment(each["used_at"])) for each in found["keys"]),
    )


def _job(found: Mapping[str, Any]) -> Job:
    values: dict[str, Any] = {field.name: found.get(field.name) for field in fields(Job)}
    values |= {name: _moment_or_none(found.get(name)) for name in _TIMES}
    values |= {"job_type": JobType(found["job_type"]), "status": JobStatus.PENDING}
    values |= dict.fromkeys(("heartbeat_at", "worker_id", "completed_at", "result"))
    return Job(**values)


def _chapter(found: Mapping[str, Any]) -> SpokenChapter:
    return SpokenChapter(FinishedChapter(**found["chapter"]), _moment(found["finished_at"]))


def _attempt(found: Mapping[str, Any]) -> Attempt:
    times = {"started_at": _moment(found["started_at"]), "ended_at": _moment_or_none(found["ended_at"])}
    return Attempt(**{**found, **times})


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _moment_or_none(text: str | None) -> datetime | None:
    return None if text is None else _moment(text)
