"""What was done, from the counters of each minute."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from ttsqueue.activity import Activity, ActivityBucket, waiting
from ttsqueue.providers.redis import rows
from ttsqueue.providers.redis.clock import length, moment
from ttsqueue.providers.redis.lane import Answer

MINUTE = length(timedelta(minutes=1))

_DONE = ("completed", "failed", "characters", "audio_seconds")


def activity(answer: Answer, span: timedelta, buckets: int) -> Activity:
    """The steps end with the minute that runs now."""
    _, now, minutes = answer
    end = (int(now) // MINUTE + 1) * MINUTE
    start, width = end - length(span), length(span) // buckets
    done: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for minute, flat in minutes:
        bucket = min((int(minute) * MINUTE - start) // width, buckets - 1)
        for name, number in rows.row(flat).items():
            done[bucket][name] += float(number)
    return Activity(
        timedelta(microseconds=width),
        tuple(_bucket(moment(start + n * width), done[n]) for n in range(buckets)),
    )


def _bucket(start: datetime, counters: dict[str, float]) -> ActivityBucket:
    completed, failed, characters, audio_seconds = (counters.get(name, 0.0) for name in _DONE)
    return ActivityBucket(
        start,
        int(completed),
        int(failed),
        int(characters),
        audio_seconds,
        premium=waiting(_waits(counters, "wait:premium:")),
        free=waiting(_waits(counters, "wait:free:")),
    )


def _waits(counters: dict[str, float], prefix: str) -> dict[int, int]:
    return {int(name.removeprefix(prefix)): int(jobs) for name, jobs in counters.items() if name.startswith(prefix)}
