"""Jobs come in."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from ttsqueue.active_key import active_key
from ttsqueue.contract import payload_to_json
from ttsqueue.errors import DuplicateJob, IdempotencyMismatch, InvalidJob
from ttsqueue.jobs import DEFAULT_MAX_ATTEMPTS, IdempotencyKey, Job, NewJob
from ttsqueue.priority import LATEST, SOONEST
from ttsqueue.providers.portion import next_portion
from ttsqueue.providers.postgres import rows
from ttsqueue.providers.postgres.identifiers import stored
from ttsqueue.providers.postgres.operation import Operation, Rows, Values, one
from ttsqueue.uuid7 import uuid7

_as_json = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode

_MOST_JOBS = 500

Added = Job | None
"""None when an active job of the same key is in the way."""


def described(new: NewJob) -> dict[str, Any]:
    """The values of add_job.sql. InvalidJob."""
    if not SOONEST <= new.priority <= LATEST:
        raise InvalidJob(f"priority must be from {SOONEST} to {LATEST}, not {new.priority}.")
    chapters = new.chapters
    return {
        "id": UUID(uuid7()),
        "work_id": stored(new.work_id, "workId"),
        "user_id": stored(new.user_id, "userId"),
        "job_type": new.job_type.value,
        "priority": new.priority,
        "payload": _as_json(payload_to_json(new.payload)),
        "outline": _as_json([[chapter.chapter_id, chapter.title, len(chapter.text)] for chapter in chapters]),
        "total": len(chapters),
        "max_attempts": DEFAULT_MAX_ATTEMPTS if new.max_attempts is None else new.max_attempts,
        "title": new.book.title,
        "active_key": active_key(new.user_id, new.work_id, new.job_type, [chapter.chapter_id for chapter in chapters]),
        "delay": new.delay,
        "run_at": new.run_at,
    }


def described_or_not(new: NewJob) -> dict[str, Any] | InvalidJob:
    try:
        return described(new)
    except InvalidJob as refusal:
        return refusal


def adding(new: NewJob, values: Values) -> Operation[Added]:
    def answer(found: Rows) -> Added:
        return rows.new_job(new, values, found[0]) if found else None

    return Operation(one("add_job", values), answer, changed=_id_of_added, wakes=True, for_many="add_jobs")


def in_portions(all_values: Sequence[Values]) -> Iterator[Sequence[Values]]:
    """As many as go well into one statement, which is in memory a few times."""
    waiting = deque(all_values)
    while waiting:
        yield next_portion(waiting, lambda values: len(str(values["payload"])), _MOST_JOBS)


def adding_many(portion: Sequence[Values]) -> Operation[frozenset[str]]:
    """The ids of those that were added; duplicates are missing."""
    columns = {name: [values[name] for values in portion] for name in portion[0]}

    def answer(found: Rows) -> frozenset[str]:
        return frozenset(str(row["id"]) for row in found)

    return Operation(one("add_jobs", columns), answer, changed=tuple, wakes=True)


def adding_once(values: Values, key: IdempotencyKey) -> Operation[Added]:
    """Add the job unless the key was used for it before; then the result is the earlier job. IdempotencyMismatch."""
    keyed = {**values, "key": key.key, "body_hash": key.body_hash}

    def answer(found: Rows) -> Added:
        if not found:
            return None
        if found[0]["body_hash"] != key.body_hash:
            raise IdempotencyMismatch(key.key)
        return rows.job(found[0])

    statements = (("lock_idempotency_key", keyed), ("add_job_once", keyed))
    return Operation(statements, answer, changed=_id_of_added, wakes=True)


def duplicate(found: Rows) -> DuplicateJob | None:
    """Of which active job; None when that one has ended meanwhile."""
    return DuplicateJob(str(found[0]["id"]), found[0]["status"]) if found else None


def _id_of_added(job: Added) -> Sequence[str]:
    return [job.id] if job else []
