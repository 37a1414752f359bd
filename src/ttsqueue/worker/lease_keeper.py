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
        if self._kept:
            for lease in await self._lost(tuple(self._kept)):
                on_lost = self._kept.pop(lease, None)
                if on_lost is not None:
                    on_lost()

    async def _lost(self, leases: Collection[Lease]) -> frozenset[Lease]:
        now = time.monotonic()
        if now < self._next_heartbeat:
            return await self._provider.lost(leases)
        lost = await self._provider.heartbeat(leases)
        self._next_heartbeat = now + self._interval
        return lost
