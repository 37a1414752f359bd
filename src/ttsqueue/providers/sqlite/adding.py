"""A job comes in."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

from ttsqueue.active_key import active_key
from ttsqueue.contract import payload_to_json
from ttsqueue.errors import DuplicateJob, IdempotencyMismatch, InvalidJob
from ttsqueue.jobs import DEFAULT_MAX_ATTEMPTS, IdempotencyKey, Job, NewJob
from ttsqueue.priority import LATEST, SOONEST
from ttsqueue.providers.sqlite import rows
from ttsqueue.providers.sqlite.clock import length, since_epoch
from ttsqueue.providers.sqlite.hashing import hashed, leading_bits
from ttsqueue.providers.sqlite.transaction import Transaction
from ttsqueue.providers.sqlite.uuid7 import uuid7

KEY_LIFETIME = length(timedelta(hours=24))
"""Microseconds."""

_as_json = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def adding(new: NewJob, idempotency: IdempotencyKey | None) -> Callable[[Transaction], Job]:
    """Prepare all that needs no lock; the result does the rest under it."""
    if not SOONEST <= new.priority <= LATEST:
        raise InvalidJob(f"priority must be from {SOONEST} to {LATEST}, not {new.priority}.")
    return _Addition(new, idempotency)


class _Addition:
    def __init__(self, new: NewJob, idempotency: IdempotencyKey | None) -> None:
        self._new = new
        self._idempotency = idempotency
        self._id = uuid7()
        self._max_attempts = DEFAULT_MAX_ATTEMPTS if new.max_attempts is None else new.max_attempts
        self._row = self._describe()
        self._texts = _texts(new)

    def __call__(self, transaction: Transaction) -> Job:
        key = self._idempotency
        if key and (earlier := _earlier_job(transaction, self._new.user_id, key)):
            return earlier
        job = self._insert(transaction)
        if key:
            transaction.run("use_idempotency_key", self._usage(key) | {"now": transaction.now})
        return job

    def _insert(self, transaction: Transaction) -> Job:
        now, run_at = transaction.now, _run_at(self._new, transaction.now)
        seq = transaction.next_seq()
        if not transaction.run("add_job", self._row | {"seq": seq, "now": now, "run_at": run_at}):
            raise _duplicate(transaction, self._row)
        transaction.run("add_payload", self._texts | {"job": seq})
        transaction.added()
        return rows.new_job(self._new, self._id, self._max_attempts, now, run_at)

    def _describe(self) -> dict[str, object]:
        new = self._new
        chapter_ids = (chapter.chapter_id for chapter in new.chapters)
        return {
            "id": self._id,
            "work_id": new.work_id,
            "work_hash": hashed(new.work_id),
            "user_id": new.user_id,
            "user_hash": hashed(new.user_id),
            "active_hash": leading_bits(active_key(new.user_id, new.work_id, new.job_type, chapter_ids)),
            "job_type": new.job_type.value,
            "priority": new.priority,
            "total_chapters": len(new.chapters),
            "max_attempts": self._max_attempts,
            "title": new.book.title,
        }

    def _usage(self, key: IdempotencyKey) -> dict[str, object]:
        return {"user_id": self._new.user_id, "key": key.key, "body_hash": key.body_hash, "job_id": self._id}


def _texts(new: NewJob) -> dict[str, object]:
    outline = [[chapter.chapter_id, chapter.title, len(chapter.text)] for chapter in new.chapters]
    return {
        "outline": _as_json(outline),
        "body": _as_json(payload_to_json(new.payload)),
    }


def _run_at(new: NewJob, now: int) -> int:
    delayed = now + max(length(new.delay), 0)
    return delayed if new.run_at is None else max(delayed, since_epoch(new.run_at))


def _duplicate(transaction: Transaction, row: dict[str, object]) -> DuplicateJob:
    (twin,) = transaction.all("active_job", row)
    return DuplicateJob(twin["id"], twin["status"])


def _earlier_job(transaction: Transaction, user_id: str, idempotency: IdempotencyKey) -> Job | None:
    """None also when the earlier job was deleted: then the request counts as new."""
    since = transaction.now - KEY_LIFETIME
    used = transaction.one("idempotency_key", {"user_id": user_id, "key": idempotency.key, "since": since})
    if used is None:
        return None
    if used["body_hash"] != idempotency.body_hash:
        raise IdempotencyMismatch(idempotency.key)
    row = transaction.one("get_job", {"id": used["job_id"]})
    return rows.job(row) if row else None
