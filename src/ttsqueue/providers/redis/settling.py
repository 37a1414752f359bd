"""The end of an attempt."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from ttsqueue.contract import result_to_json
from ttsqueue.jobs import JobStatus, Lease
from ttsqueue.outcome import Complete, Fail, Outcome, Requeue
from ttsqueue.providers.redis.clock import length

_as_json = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode

MOST_SHOWN = 100
"""Chapters. BullMQ sends a result along with its event, and keeps ten thousand of those."""


def settlement(lease: Lease, outcome: Outcome, silent_for: timedelta | None) -> tuple[dict[str, Any], str, str]:
    """The arguments of settle.lua, the result, and what BullMQ shows of it."""
    which = {
        "id": lease.job_id,
        "token": lease.token,
        "silent_for": None if silent_for is None else length(silent_for),
    }
    match outcome:
        case Complete(result):
            full = result_to_json(result) | {"completedAt": None}  # the store's clock says when
            brief: dict[str, Any] = {name: full[name] for name in ("audiobookFileId", "totalDuration") if name in full}
            if len(result.audio_file_ids) <= MOST_SHOWN:
                brief["audioFileIds"] = list(result.audio_file_ids)
            return which | {"status": JobStatus.COMPLETED.value, "kind": "completed"}, _as_json(full), _as_json(brief)
        case Requeue(kind, error, delay, refund):
            span = None if delay is None else length(delay)
            changes = {"status": JobStatus.PENDING.value, "kind": kind, "error": error, "delay": span}
            return which | changes | {"refund": int(refund)}, "", ""
        case Fail(error, code, kind):
            changes = {"status": JobStatus.FAILED.value, "kind": kind, "error": error, "code": code}
            return which | changes, "", ""
