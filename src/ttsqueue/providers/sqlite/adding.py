"""Jobs come in."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import timedelta

from ttsqueue.active_key import active_key
from ttsqueue.contract import payload_to_json
from ttsqueue.errors import DuplicateJob, IdempotencyMismatch, InvalidJob
from ttsqueue.jobs import DEFAULT_MAX_ATTEMPTS, IdempotencyKey, Job, NewJob
from ttsqueue.priority import LATEST, SOONEST
from ttsqueue.providers.sqlite import rows
from ttsqueue.providers.sqlite.clock import length, since_epoch
from ttsqueue.providers.sqlite.hashing import hashed, leading_bits
from ttsqueue.providers.sqlite.snapshot import Snapshot
from ttsqueue.providers.sqlite.transaction import Transaction
from ttsqueue.uuid7 import uuid7

KEY_LIFETIME = length(timedelta(hours=24))
"""Microseconds."""

_LARGE = 100_000
"""Characters; the bodies of one statement are all in memory twice."""

_as_json = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


class Addition:
    """A new job with all that can be prepared before the write lock is held. InvalidJob."""

    __slots__ = ("active_hash", "body", "id", "max_attempts", "new", "outline", "work_hash")

    def __init__(self, new: NewJob) -> None:
        if not SOONEST <= new.priority <= LATEST:
            raise InvalidJob(f"priority must be from {SOONEST} to {LATEST}, not {new.priority}.")
        chapters = new.chapters
        self.new = new
        self.id = uuid7()
        self.max_attempts = DEFAULT_MAX_ATTEMPTS if new.max_attempts is None else new.max_attempts
        self.work_hash = hashed(new.work_id)
        key = active_key(new.user_id, new.work_id, new.job_type, [chapter.chapter_id for chapter in chapters])
        self.active_hash = leading_bits(key)
        self.outline = _as_json([[chapter.chapter_id, chapter.title, len(chapter.text)] for chapter in chapters])
        self.body = _as_json(payload_to_json(new.payload))

    def __call__(self, transaction: Transaction) -> Job:
        (job,) = add_all(transaction, [self])
        if isinstance(job, DuplicateJob):
            raise job
        return job

    def run_at(self, now: int) -> int:
        new = self.new
        delayed = now + max(length(new.delay), 0)
        return delayed if new.run_at is None else max(delayed, since_epoch(new.run_at))

    def row(self, seq: int, now: int) -> tuple[object, ...]:
        """In the order of add_jobs.sql."""
        new = self.new
        return (
            seq,
            self.run_at(now),
            now,
            now,
            self.id,
            new.work_id,
            self.work_hash,
            new.user_id,
            hashed(new.user_id),
            self.active_hash,
            new.job_type.value,
            new.priority,
            len(new.chapters),
            self.max_attempts,
            new.book.title,
        )


def add_all(transaction: Transaction, additions: Sequence[Addition]) -> Sequence[Job | DuplicateJob]:
    """What became of each. Of two that are the same job, the first is added."""
    now, seqs = transaction.now, [transaction.next_seq() for _ in additions]
    described = [addition.row(seq, now) for seq, addition in zip(seqs, additions, strict=True)]
    all_arrived = transaction.insert("add_jobs", described) == len(additions)
    arrived = range(seqs[0], seqs[-1] + 1) if all_arrived else _arrived(transaction, seqs)
    _add_payloads(transaction, [(seq, new) for seq, new in zip(seqs, additions, strict=True) if seq in arrived])
    transaction.has_news_for_workers |= bool(arrived)
    return [
        rows.new_job(addition.new, addition.id, addition.max_attempts, now, addition.run_at(now))
        if seq in arrived
        else _duplicate(transaction, addition)
        for seq, addition in zip(seqs, additions, strict=True)
    ]


def _arrived(transaction: Transaction, seqs: Sequence[int]) -> Collection[int]:
    return {row["seq"] for row in transaction.all("arrived", {"first": seqs[0], "last": seqs[-1]})}


def _add_payloads(transaction: Transaction, additions: Iterable[tuple[int, Addition]]) -> None:
    together = []
    for seq, addition in additions:
        payload = seq, addition.outline, addition.body
        if len(addition.body) < _LARGE:
            together.append(payload)
        else:
            transaction.insert("add_payloads", [payload])
    transaction.insert("add_payloads", together)


def _duplicate(transaction: Transaction, addition: Addition) -> DuplicateJob:
    hashes = {"work_hash": addition.work_hash, "active_hash": addition.active_hash}
    (twin,) = transaction.all("active_job", hashes)
    return DuplicateJob(twin["id"], twin["status"])


def adding_once(new: NewJob, key: IdempotencyKey) -> Callable[[Transaction], Job]:
    """Add the job unless the key was used for it before; then the result is the earlier job."""
    addition = Addition(new)

    def add(transaction: Transaction) -> Job:
        if earlier := earlier_job(transaction, new.user_id, key):
            return earlier
        job = addition(transaction)
        usage = {"user_id": new.user_id, "key": key.key, "body_hash": key.body_hash, "job_id": job.id}
        transaction.run("use_idempotency_key", usage | {"now": transaction.now})
        return job

    return add


def earlier_job(store: Transaction | Snapshot, user_id: str, idempotency: IdempotencyKey) -> Job | None:
    """None also when the earlier job was deleted: then the request counts as new."""
    since = store.now - KEY_LIFETIME
    used = store.one("idempotency_key", {"user_id": user_id, "key": idempotency.key, "since": since})
    if used is None:
        return None
    if used["body_hash"] != idempotency.body_hash:
        raise IdempotencyMismatch(idempotency.key)
    row = store.one("get_job", {"id": used["job_id"]})
    return rows.job(row) if row else None
