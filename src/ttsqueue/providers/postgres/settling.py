"""The end of an attempt."""

from __future__ import annotations

import json
from datetime import timedelta

from ttsqueue.contract import result_to_json
from ttsqueue.jobs import Job, Lease
from ttsqueue.outcome import Complete, Fail, Outcome, Requeue
from ttsqueue.providers.postgres.held import fenced
from ttsqueue.providers.postgres.operation import Operation, Values


def settling(lease: Lease, outcome: Outcome, silent_for: timedelta | None) -> Operation[Job]:
    name, values = _change(outcome)
    for_many = "complete_jobs" if name == "complete_job" else None
    return fenced(name, lease, {**values, "silent_for": silent_for}, wakes=True, for_many=for_many)


def _change(outcome: Outcome) -> tuple[str, Values]:
    match outcome:
        case Complete(result):
            encoded = json.dumps(result_to_json(result), ensure_ascii=False)
            return "complete_job", {"result": encoded, "kind": "completed", "error": None}
        case Requeue(kind, error, delay, refund):
            values = {"kind": kind, "error": error, "delay": delay, "refund": int(refund), "taken": kind == "lost"}
            return "requeue_job", values
        case Fail(error, code, kind):
            return "fail_job", {"kind": kind, "error": error, "code": code, "taken": kind == "lost"}
