"""The end of an attempt."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from ttsqueue.contract import result_to_json
from ttsqueue.jobs import Job, Lease
from ttsqueue.outcome import Complete, Fail, Outcome, Requeue
from ttsqueue.providers.sqlite import rows
from ttsqueue.providers.sqlite.clock import length, moment
from ttsqueue.providers.sqlite.counting import count_ended
from ttsqueue.providers.sqlite.held import fenced
from ttsqueue.providers.sqlite.transaction import Transaction


def settle(transaction: Transaction, lease: Lease, outcome: Outcome, silent_for: timedelta | None) -> Job:
    silent_since = None if silent_for is None else transaction.now - length(silent_for)
    query, values = _change(outcome, transaction.now)
    row = fenced(transaction, query, lease, values | {"silent_since": silent_since})
    job = rows.job(row)
    kind = "completed" if isinstance(outcome, Complete) else outcome.kind
    error = None if isinstance(outcome, Complete) else outcome.error
    close_attempt(transaction, row["seq"], job, kind, error)
    record(transaction, row["seq"], job, kind)
    count_ended(transaction, job.status)
    transaction.has_news_for_workers = True
    return job


def close_attempt(transaction: Transaction, seq: int, job: Job, outcome: str, error: str | None = None) -> None:
    ending = {"job": seq, "number": job.claims, "now": transaction.now, "outcome": outcome, "error": error}
    transaction.run("close_attempt", ending)


def record(transaction: Transaction, seq: int, job: Job, reason: str) -> None:
    change = {"job": seq, "now": transaction.now, "status": job.status, "reason": reason}
    transaction.run("add_history", change)


def _change(outcome: Outcome, now: int) -> tuple[str, dict[str, object]]:
    match outcome:
        case Complete(result):
            stamped = replace(result, completed_at=moment(now))
            return "complete_job", {"result": json.dumps(result_to_json(stamped), ensure_ascii=False)}
        case Requeue(_, error, delay, refund):
            run_at = None if delay is None else now + length(delay)
            return "requeue_job", {"error": error, "run_at": run_at, "refund": refund}
        case Fail(error, code):
            return "fail_job", {"error": error, "code": code}
