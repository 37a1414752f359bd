"""Telling other processes what was committed: one NOTIFY for all commits of some milliseconds.

A NOTIFY in each transaction would make all commits of the server queue up behind one another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from uuid import uuid4

PAUSE = 0.005
"""Seconds between two of them."""

_MOST_IDS = 200
"""In one payload, which ends at 8,000 bytes."""


class Announcer:
    """Belongs to one event loop. `on_due` is called when no commit took along what is to be said."""

    def __init__(self, on_due: Callable[[], None]) -> None:
        self._on_due = on_due
        self._changed: dict[str, None] = {}
        self._wakes = False
        self._next = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self.signature = uuid4().hex[:8]
        """Ends every payload, so that we know our own."""

    def announce(self, job_ids: Sequence[str], wakes: bool) -> None:
        """With a later commit, or by itself."""
        self._add(job_ids, wakes)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_at(self._next, self._on_due)

    @property
    def is_due(self) -> bool:
        return bool(self._changed or self._wakes) and asyncio.get_running_loop().time() >= self._next

    def along(self, job_ids: Sequence[str], wakes: bool) -> list[str]:
        """What to say behind a commit that is sent now. Nothing a moment after the last: announce() tells it."""
        if asyncio.get_running_loop().time() < self._next:
            return []
        self._add(job_ids, wakes)
        return self.left()

    def left(self) -> list[str]:
        """All that is still to be said; it counts as said now."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not (self._changed or self._wakes):
            return []
        payloads = _payloads(list(self._changed), self._wakes, self.signature)
        self._changed, self._wakes = {}, False
        self._next = asyncio.get_running_loop().time() + PAUSE
        return payloads

    def _add(self, job_ids: Sequence[str], wakes: bool) -> None:
        self._changed.update(dict.fromkeys(job_ids))
        self._wakes |= wakes


def _payloads(ids: Sequence[str], wakes: bool, signature: str) -> list[str]:
    mark = "!" if wakes else ""
    parts = [ids[start : start + _MOST_IDS] for start in range(0, max(len(ids), 1), _MOST_IDS)]
    return [f"{mark}{','.join(part)}@{signature}" for part in parts]
