"""What the queue did, from the counters that triggers keep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from ttsqueue.activity import Activity, ActivityBucket, waiting
from ttsqueue.providers.postgres.operation import Row
from ttsqueue.providers.postgres.reader import Reader

_MINUTE = timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def activity(reader: Reader, span: timedelta, buckets: int) -> Activity:
    """The steps end with the minute that runs now."""
    now = (await reader.all("now", {}))[0]["now"] - _EPOCH
    end = (now // _MINUTE + 1) * _MINUTE
    start, width = end - span, span // buckets
    first = {"first": -(-start // _MINUTE)}
    done: list[list[Row]] = [[] for _ in range(buckets)]
    waits: list[list[Row]] = [[] for _ in range(buckets)]
    for name, by_bucket in (("activity", done), ("waits", waits)):
        for row in await reader.all(name, first):
            by_bucket[min((row["minute"] * _MINUTE - start) // width, buckets - 1)].append(row)
    return Activity(width, tuple(_bucket(_EPOCH + start + n * width, done[n], waits[n]) for n in range(buckets)))


def _bucket(start: datetime, done: Iterable[Row], waits: Iterable[Row]) -> ActivityBucket:
    steps: dict[bool, Counter[int]] = {True: Counter(), False: Counter()}
    for row in waits:
        steps[row["is_premium"]][row["step"]] += row["jobs"]
    sums: Counter[str] = Counter()
    for row in done:
        sums.update({name: row[name] for name in ("completed", "failed", "characters", "audio_seconds")})
    return ActivityBucket(
        start,
        completed=sums["completed"],
        failed=sums["failed"],
        characters=sums["characters"],
        audio_seconds=float(sums["audio_seconds"]),
        premium=waiting(steps[True]),
        free=waiting(steps[False]),
    )
