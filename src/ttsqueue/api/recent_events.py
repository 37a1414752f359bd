"""How often something happened lately, for each user. In this process alone."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from datetime import timedelta


class RecentEvents:
    """Lets something happen at most so often within a sliding span. Who is idle costs no memory."""

    def __init__(self, span: timedelta, clock: Callable[[], float] = time.monotonic) -> None:
        self._span = span.total_seconds()
        self._clock = clock
        self._times: dict[str, deque[float]] = {}

    def enter(self, who: str, most: int) -> timedelta | None:
        """None when it may happen, which counts; else how long until it may again."""
        now = self._clock()
        self._forget_idle(now - self._span)
        times = self._times.setdefault(who, deque())
        while times and times[0] <= now - self._span:
            times.popleft()
        if len(times) >= most:
            return timedelta(seconds=times[0] + self._span - now)
        times.append(now)
        return None

    def _forget_idle(self, before: float) -> None:
        """Two at a time: more than one call can add."""
        for who in list(self._oldest_keys(2)):
            times = self._times.pop(who)
            if times[-1] > before:
                self._times[who] = times  # at the end now, so that the others get their turn

    def _oldest_keys(self, number: int) -> list[str]:
        return [who for who, _ in zip(self._times, range(number), strict=False)]
