"""Times in Redis are microseconds since the epoch; the store's clock is the server's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def moment(microseconds: str | int) -> datetime:
    return _EPOCH + timedelta(microseconds=int(microseconds))


def moment_or_none(microseconds: str | None) -> datetime | None:
    return None if microseconds is None else moment(microseconds)


def since_epoch(when: datetime) -> int:
    return (when - _EPOCH) // _MICROSECOND


def length(span: timedelta) -> int:
    return span // _MICROSECOND
