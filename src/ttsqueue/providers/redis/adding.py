"""Jobs come in."""

from __future__ import annotations

import json
from typing import Any

from ttsqueue.active_key import active_key
from ttsqueue.contract import payload_to_json
from ttsqueue.errors import DuplicateJob, IdempotencyMismatch, InvalidJob
from ttsqueue.jobs import DEFAULT_MAX_ATTEMPTS, IdempotencyKey, Job, NewJob
from ttsqueue.priority import LATEST, SOONEST
from ttsqueue.providers.redis import rows
from ttsqueue.providers.redis.clock import length, since_epoch
from ttsqueue.providers.redis.keys import once
from ttsqueue.providers.redis.lane import Answer
from ttsqueue.uuid7 import uuid7

_as_json = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def described(new: NewJob, idempotency: IdempotencyKey | None = None) -> dict[str, Any]:
    """The arguments of add.lua. InvalidJob."""
    if not SOONEST <= new.priority <= LATEST:
        raise InvalidJob(f"priority must be from {SOONEST} to {LATEST}, not {new.priority}.")
    chapters = new.chapters
    return {
        "id": uuid7(),
        "work_id": new.work_id,
        "user_id": new.user_id,
        "job_type": new.job_type.value,
        "priority": new.priority,
        "total_chapters": len(chapters),
        "max_attempts": DEFAULT_MAX_ATTEMPTS if new.max_attempts is None else new.max_attempts,
        "title": new.book.title,
        "active_key": active_key(new.user_id, new.work_id, new.job_type, [chapter.chapter_id for chapter in chapters]),
        "characters": sum(len(chapter.text) for chapter in chapters),
        "delay": max(length(new.delay), 0),
        "run_at": None if new.run_at is None else since_epoch(new.run_at),
        **(used(new.user_id, idempotency) if idempotency else {}),
    }


def used(user_id: str, idempotency: IdempotencyKey) -> dict[str, str]:
    return {
        "once": once(user_id, idempotency.key),
        "once_key": idempotency.key,
        "body_hash": idempotency.body_hash,
    }


def outline(new: NewJob) -> str:
    return _as_json([[chapter.chapter_id, chapter.title, len(chapter.text)] for chapter in new.chapters])


def payload(new: NewJob) -> str:
    return _as_json(payload_to_json(new.payload))


def added(answer: Answer, idempotency: IdempotencyKey | None) -> Job | None:
    """None for no job at all. DuplicateJob, IdempotencyMismatch."""
    match answer:
        case ["duplicate", twin, status, *_]:
            raise DuplicateJob(twin, status)
        case ["mismatch"] if idempotency is not None:
            raise IdempotencyMismatch(idempotency.key)
        case [_, row]:
            return rows.job(row) if row else None
    raise AssertionError(answer)
