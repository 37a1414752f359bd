"""What the queue did lately, in steps of time: what charts are drawn from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

ACTIVITY_KEPT = timedelta(days=8)
"""How far back a store remembers."""

LAST_PREMIUM_PRIORITY = 4
"""Jobs up to this priority are premium users', later ones free users'."""

_SHORTEST = 0.01
_GROWTH = 1.1


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long jobs waited for their first worker, from the moment they were due.

    In seconds, and None when no job started. Stores count in steps: never too short, at most 10 % or 10 ms too long.
    """

    jobs: int = 0
    p50: float | None = None
    p95: float | None = None


@dataclass(frozen=True, slots=True)
class ActivityBucket:
    """One step of time, from `start` on."""

    start: datetime
    completed: int = 0
    """Jobs."""
    failed: int = 0
    characters: int = 0
    """Of the chapters that were spoken."""
    audio_seconds: float = 0.0
    premium: Waiting = Waiting()
    free: Waiting = Waiting()


@dataclass(frozen=True, slots=True)
class Activity:
    """Steps of equal width, oldest first; the last one is not over yet."""

    width: timedelta
    buckets: tuple[ActivityBucket, ...]


def wait_step(seconds: float) -> int:
    """The number of the step that a waiting time is counted in."""
    return math.ceil(round(math.log(seconds / _SHORTEST, _GROWTH), 9)) if seconds > _SHORTEST else 0


def waiting(jobs_by_step: Mapping[int, int]) -> Waiting:
    """The percentiles of times that were counted in steps."""
    jobs = sum(jobs_by_step.values())
    return Waiting(jobs, _percentile(jobs_by_step, 0.50), _percentile(jobs_by_step, 0.95)) if jobs else Waiting()


def _percentile(jobs_by_step: Mapping[int, int], share: float) -> float:
    """The longest time of the step in which so large a share of the jobs has been reached."""
    missing = math.ceil(sum(jobs_by_step.values()) * share)
    for step in sorted(jobs_by_step):
        missing -= jobs_by_step[step]
        if missing <= 0:
            break
    return float(_SHORTEST * _GROWTH**step)
