"""How an attempt ends. The worker returns one of these values; a store writes it down, nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from ttsqueue.result import JobResult


@dataclass(frozen=True, slots=True)
class Complete:
    """All of it was spoken."""

    result: JobResult


@dataclass(frozen=True, slots=True)
class Requeue:
    """Back to pending, to be claimed again."""

    kind: str
    """`retried`, `handed_back` or `lost`: the outcome that the attempt is recorded with."""
    error: str | None = None
    """Becomes `last_error`; None leaves it."""
    delay: timedelta | None = None
    """None keeps the job's place in the order; else `run_at` moves to now plus this."""
    refund: bool = False
    """True gives the attempt back: the job was not to blame."""


@dataclass(frozen=True, slots=True)
class Fail:
    """Given up; `error` says why, for the user."""

    error: str
    code: str | None = None
    kind: str = "failed"
    """`failed`, or `lost` when the last worker vanished."""


Outcome = Complete | Requeue | Fail
