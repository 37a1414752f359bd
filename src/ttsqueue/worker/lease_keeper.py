"""Says that running jobs are alive, and finds out which were taken away."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from datetime import timedelta

from ttsqueue.jobs import Lease
from ttsqueue.provider import QueueProvider


class LeaseKeeper:
    """Heartbeats go on whatever an engine does, as long as the event loop runs."""

    def __init__(self, provider: QueueProvider, heartbeat_interval: timedelta) -> None:
        self._provider = provider
        self._interval = heartbeat_interval.total_seconds()
        self._next_heartbeat = 0.0
        self._kept: dict[Lease, Callable[[], None]] = {}

    @property
    def period(self) -> float:
        """Seconds between two looks: a cancelled job stops within two."""
        return min(self._interval, 1.0)

    def keep(self, lease: Lease, on_lost: Callable[[], None]) -> None:
        """From now on; `on_lost` is called once if the lease is lost."""
        self._kept[lease] = on_lost

    def release(self, lease: Lease) -> None:
        """The job is over."""
        self._kept.pop(lease, None)

    async def look(self) -> None:
        """A heartbeat when it is time for one, else a cheap read."""
        if time.monotonic() >= self._next_heartbeat:
            await self.say_alive()
        elif self._kept:
            self._drop(await self._provider.lost(tuple(self._kept)))

    async def say_alive(self) -> None:
        """A heartbeat now."""
        if self._kept:
            now = time.monotonic()
            self._drop(await self._provider.heartbeat(tuple(self._kept)))
            self._next_heartbeat = now + self._interval

    def _drop(self, lost: Collection[Lease]) -> None:
        for lease in lost:
            on_lost = self._kept.pop(lease, None)
            if on_lost is not None:
                on_lost()
