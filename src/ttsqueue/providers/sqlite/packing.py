"""A job as it leaves the file, and as it comes into one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from ttsqueue.active_key import active_key
from ttsqueue.jobs import JobStatus, Lease
from ttsqueue.moving import MOVED, MovingJob, SpokenChapter, UsedKey
from ttsqueue.providers.sqlite import rows
from ttsqueue.providers.sqlite.clock import moment, since_epoch
from ttsqueue.providers.sqlite.hashing import hashed, leading_bits
from ttsqueue.providers.sqlite.transaction import Transaction
from ttsqueue.records import Attempt, StateChange


def packed(transaction: Transaction, row: sqlite3.Row) -> MovingJob:
    """Everything that is known of the job in this row."""
    of_job = {"job": row["seq"]}
    (payload,) = transaction.all("whole_payload", of_job)
    keys = transaction.all("keys_of_job", {"user_id": row["user_id"], "job_id": row["id"]})
    return MovingJob(
        rows.job(row),
        Lease(row["id"], row["lease"]),
        payload["body"],
        payload["outline"],
        tuple(
            SpokenChapter(rows.finished_chapter(each), moment(each["finished_at"]))
            for each in transaction.all("finished_chapters", of_job)
        ),
        tuple(map(rows.attempt, transaction.all("attempts", of_job))),
        tuple(map(rows.state_change, transaction.all("history", of_job))),
        tuple(UsedKey(each["key"], each["body_hash"], moment(each["used_at"])) for each in keys),
    )


def hashes_of(moving: MovingJob) -> dict[str, object]:
    """By which its twin is found."""
    job = moving.job
    key = active_key(job.user_id, job.work_id, job.job_type, moving.chapter_ids)
    return {"work_hash": hashed(job.work_id), "active_hash": leading_bits(key)}


def unpack(transaction: Transaction, moving: MovingJob, seq: int, *, is_new_here: bool) -> None:
    """Write it down as a pending job. That no twin of it is active has been seen to."""
    job = moving.job
    transaction.run("arrive", _row(transaction, moving, seq))
    transaction.insert("add_payloads", [(seq, moving.outline, moving.payload)])
    for spoken in moving.chapters:
        transaction.run("save_chapter", _chapter(moving, seq, spoken))
    for attempt in moving.attempts:
        transaction.run("arrive_attempt", _attempt(seq, attempt))
    for change in _history(transaction, moving.history, is_new_here):
        values = {"job": seq, "now": since_epoch(change.at), "status": change.status, "reason": change.reason}
        transaction.run("add_history", values)
    for key in moving.keys:
        values = {"user_id": job.user_id, "job_id": job.id, "key": key.key, "body_hash": key.body_hash}
        transaction.run("arrive_key", values | {"used_at": since_epoch(key.used_at)})
    used = {"user_id": job.user_id, "added_at": since_epoch(job.created_at), "characters": moving.characters}
    transaction.run("forget_usage", used)
    transaction.has_news_for_workers = True


def _history(transaction: Transaction, history: Sequence[StateChange], is_new_here: bool) -> list[StateChange]:
    arrival = StateChange(moment(transaction.now), JobStatus.PENDING, MOVED)
    return [*history, arrival] if is_new_here else list(history)


def _row(transaction: Transaction, moving: MovingJob, seq: int) -> dict[str, object]:
    job = moving.job
    return hashes_of(moving) | {
        "seq": seq,
        "id": job.id,
        "work_id": job.work_id,
        "user_id": job.user_id,
        "user_hash": hashed(job.user_id),
        "job_type": job.job_type.value,
        "priority": job.priority,
        "run_at": since_epoch(job.run_at),
        "created_at": since_epoch(job.created_at),
        "now": transaction.now,
        "total_chapters": job.total_chapters,
        "max_attempts": job.max_attempts,
        "title": job.title,
        "number": transaction.number,
        "lease": moving.lease.token,
        "attempts": job.attempts,
        "claims": job.claims,
        "voice_id": job.voice_id,
        "progress_percent": job.progress_percent,
        "progress_message": job.progress_message,
        "current_chapter": job.current_chapter,
        "started_at": None if job.started_at is None else since_epoch(job.started_at),
        "error_message": job.error_message,
        "error_code": job.error_code,
        "last_error": job.last_error,
    }


def _chapter(moving: MovingJob, seq: int, spoken: SpokenChapter) -> dict[str, object]:
    chapter = spoken.chapter
    return {
        "job": seq,
        "position": chapter.index,
        "audio_file_id": chapter.audio_file_id,
        "duration": chapter.duration,
        "silent": chapter.silent,
        "sound": json.dumps(dict(chapter.sound)),
        "lease": moving.lease.token,
        "now": since_epoch(spoken.finished_at),
    }


def _attempt(seq: int, attempt: Attempt) -> dict[str, object]:
    return {
        "job": seq,
        "number": attempt.number,
        "worker_id": attempt.worker_id,
        "started_at": since_epoch(attempt.started_at),
        "ended_at": None if attempt.ended_at is None else since_epoch(attempt.ended_at),
        "outcome": attempt.outcome,
        "error": attempt.error,
    }
