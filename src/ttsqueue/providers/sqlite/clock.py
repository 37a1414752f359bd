"""Times in the file are microseconds since the epoch; the store's clock is this host's."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def now() -> int:
    return time.time_ns() // 1000


def moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def moment_or_none(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else moment(microseconds)


def since_epoch(when: datetime) -> int:
    return (when - _EPOCH) // _MICROSECOND


def length(span: timedelta) -> int:
    return span // _MICROSECOND
