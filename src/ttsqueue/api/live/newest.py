"""The newest states of the jobs that are watched: read once after each change, however many watch."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from ttsqueue.api.live.job_state import JobState

KEPT = 1_000
"""States that are remembered; more are read again when somebody asks."""

GOOD_FOR = 60.0
"""Seconds without a change after which a state is read again all the same: its addresses of sound expire."""

PENDING_GOOD_FOR = 1.0
"""Seconds; the place in the queue changes without the job."""


@dataclass(frozen=True, slots=True)
class _Kept:
    state: JobState
    best_before: float


class Newest:
    """States by job id. Trusts what it remembers only while somebody reports changes to `forget`."""

    def __init__(self, read: Callable[[str], Awaitable[JobState]]) -> None:
        self._read = read
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._reading: dict[tuple[str, int], asyncio.Task[JobState]] = {}
        self._turn = 0
        self._trusts_itself = False

    def trust(self) -> None:
        """From now on every change is reported."""
        self.forget_all()
        self._trusts_itself = True

    def distrust(self) -> None:
        """Changes may go by unseen."""
        self.forget_all()
        self._trusts_itself = False

    def forget(self, job_ids: Iterable[str]) -> None:
        """These changed. What is being read at this moment may be older, and is not remembered either."""
        self._turn += 1
        for job_id in job_ids:
            self._kept.pop(job_id, None)

    def forget_all(self) -> None:
        self._turn += 1
        self._kept.clear()

    async def get(self, job_id: str) -> JobState:
        """The state now, or one of which no change is known. StoreError."""
        kept = self._kept.get(job_id)
        if kept is not None and time.monotonic() < kept.best_before:
            return kept.state
        key = (job_id, self._turn)
        task = self._reading.get(key)
        if task is None:
            task = self._reading[key] = asyncio.create_task(self._read_and_keep(job_id, self._turn))
            task.add_done_callback(lambda done: self._read_is_over(key, done))
        return await asyncio.shield(task)  # others may wait for it too

    async def _read_and_keep(self, job_id: str, turn: int) -> JobState:
        state = await self._read(job_id)
        if self._trusts_itself and turn == self._turn:
            good_for = PENDING_GOOD_FOR if state.is_pending else GOOD_FOR
            self._kept[job_id] = _Kept(state, time.monotonic() + good_for)
            self._kept.move_to_end(job_id)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return state

    def _read_is_over(self, key: tuple[str, int], task: asyncio.Task[JobState]) -> None:
        del self._reading[key]
        if not task.cancelled():
            task.exception()  # seen, even if whoever asked has left
