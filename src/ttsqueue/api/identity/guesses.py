"""How fast somebody may guess. Pure: the time comes from outside, in seconds of a clock that never goes back."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta

from ttsqueue.errors import LimitReached

_FORGOTTEN_AFTER = 3600.0
_MOST_SOURCES = 1000


@dataclass(slots=True)
class Delay:
    """Grows with every failure: after `free` of them 1 s, 2 s, 4 s ... up to `longest`."""

    free: int
    longest: float
    failures: int = 0
    last: float = -math.inf

    def left(self, now: float) -> float:
        """Seconds until the next try."""
        if self.failures < self.free:
            return 0.0
        return max(0.0, self.last + min(2.0 ** min(self.failures - self.free, 30), self.longest) - now)

    def count(self, now: float) -> None:
        if now - self.last > _FORGOTTEN_AFTER:
            self.failures = 0
        self.failures += 1
        self.last = now


def _one_source() -> Delay:
    return Delay(free=3, longest=900.0)


def _all_sources() -> Delay:
    # Short: somebody who guesses must not lock everybody out.
    return Delay(free=20, longest=30.0)


@dataclass(slots=True)
class Guesses:
    """Failures of each source and of all together; a thousand sources are remembered."""

    _sources: OrderedDict[str, Delay] = field(default_factory=OrderedDict)
    _total: Delay = field(default_factory=_all_sources)

    def check(self, source: str, now: float) -> None:
        """LimitReached while this source, or everybody, has to wait."""
        own = self._sources.get(source)
        left = max(self._total.left(now), own.left(now) if own else 0.0)
        if left > 0:
            seconds = math.ceil(left)
            unit = "second" if seconds == 1 else "seconds"
            raise LimitReached(
                f"Too many wrong codes; try again in {seconds} {unit}.", retry_after=timedelta(seconds=seconds)
            )

    def failed(self, source: str, now: float) -> None:
        own = self._sources.pop(source, None) or _one_source()
        self._sources[source] = own
        if len(self._sources) > _MOST_SOURCES:
            self._sources.popitem(last=False)
        own.count(now)
        self._total.count(now)

    def succeeded(self, source: str) -> None:
        self._sources.pop(source, None)
