"""What the queue does, counted by the minute as it happens: no chart ever has to look at jobs."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from datetime import timedelta

from ttsqueue.activity import ACTIVITY_KEPT, LAST_PREMIUM_PRIORITY, Activity, ActivityBucket, wait_step, waiting
from ttsqueue.jobs import JobStatus
from ttsqueue.providers.sqlite.clock import length, moment
from ttsqueue.providers.sqlite.snapshot import Snapshot
from ttsqueue.providers.sqlite.transaction import Transaction

_MINUTE = length(timedelta(minutes=1))


def count_first_start(transaction: Transaction, row: sqlite3.Row) -> None:
    """Of a job that was claimed for the first time just now."""
    waited = (transaction.now - max(row["created_at"], row["run_at"])) / length(timedelta(seconds=1))
    values = {"is_premium": row["priority"] <= LAST_PREMIUM_PRIORITY, "step": wait_step(waited)}
    transaction.run("count_wait", values | {"minute": transaction.now // _MINUTE})


def count_spoken(transaction: Transaction, seq: int, position: int, duration: float) -> None:
    values = {"job": seq, "position": position, "duration": duration}
    transaction.run("count_spoken", values | {"minute": transaction.now // _MINUTE})


def count_ended(transaction: Transaction, status: JobStatus) -> None:
    """Only jobs that were completed or have failed count."""
    completed, failed = status is JobStatus.COMPLETED, status is JobStatus.FAILED
    if completed or failed:
        values = {"completed": completed, "failed": failed}
        transaction.run("count_ended", values | {"minute": transaction.now // _MINUTE})


def prune(transaction: Transaction) -> None:
    oldest = {"minute": (transaction.now - length(ACTIVITY_KEPT)) // _MINUTE}
    transaction.run("prune_activity", oldest)
    transaction.run("prune_waits", oldest)


def activity(snapshot: Snapshot, span: timedelta, buckets: int) -> Activity:
    """The steps end with the minute that runs now."""
    end = (snapshot.now // _MINUTE + 1) * _MINUTE
    start, width = end - length(span), length(span) // buckets
    steps = {"start": start, "width": width, "buckets": buckets, "first": -(-start // _MINUTE)}
    done: dict[int, tuple[int, int, int, float]] = {row[0]: tuple(row)[1:] for row in snapshot.all("activity", steps)}
    waits: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for bucket, is_premium, step, jobs in snapshot.all("waits", steps):
        waits[bucket, is_premium][step] = jobs
    return Activity(
        timedelta(microseconds=width),
        tuple(
            ActivityBucket(
                moment(start + n * width),
                *done.get(n, (0, 0, 0, 0.0)),
                premium=waiting(waits[n, True]),
                free=waiting(waits[n, False]),
            )
            for n in range(buckets)
        ),
    )
