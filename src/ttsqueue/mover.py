"""Moving what waits from one store to another, while both are used.

A job is taken out there, put in here, and forgotten there: see docs/decisions/0026. Nothing is kept in this process:
killed at any moment, the next run finds in the stores what is under way, and several may run side by side.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from ttsqueue.carrier import Carrier, Watch
from ttsqueue.copied_keys import copy_keys
from ttsqueue.departed import Stayed, leave_address
from ttsqueue.errors import TTSQueueError
from ttsqueue.jobs import JobStatus
from ttsqueue.listing import JobFilter
from ttsqueue.patience import Patience
from ttsqueue.queue import TTSQueue
from ttsqueue.side import Side
from ttsqueue.store_identity import identity_of, tell_apart

PATIENCE = 60.0
"""Seconds for which a store that does not answer is waited for."""

_LOOK_EVERY = 2.0
_LISTEN = 0.3
"""Seconds. A store that other programs put jobs into takes them in while somebody listens."""

_PENDING = JobFilter(statuses=frozenset({JobStatus.PENDING}))

T = TypeVar("T")


class SameStore(TTSQueueError):
    """There is no way to go."""

    code = "same_store"


class Mover:
    """One move. `prepare` comes first."""

    def __init__(
        self,
        source: Side,
        target: Side,
        watch: Watch,
        stuck_after: timedelta,
        patience: float = PATIENCE,
    ) -> None:
        self._patience = Patience(patience)
        self._carrier = Carrier(source, target, watch, self._patience)
        self._source = source
        self._target = target
        self._watch = watch
        self._stuck_after = stuck_after
        self.destination = ""
        """Identity of the store that jobs are moved to, once that is known."""

    @property
    def moved(self) -> int:
        return self._carrier.moved

    @property
    def stayed(self) -> dict[str, Stayed]:
        return self._carrier.stayed

    async def prepare(self) -> None:
        """Get to know both stores. SameStore, StoreUnavailable."""
        if not await tell_apart(self._source.provider, self._target.provider):
            raise SameStore(
                f"{self._source.name} and {self._target.name} are the same store; there is nothing to move."
            )
        self.destination = await identity_of(self._target.provider)
        await leave_address(self._source, self.destination, self._target.name)
        await copy_keys(self._source, self._target, self._patience, self._watch.waiting)
        await self._source.provider.wait_for_work(_LISTEN)

    async def run(self) -> None:
        """Until nothing waits that can be moved. Cancelled, it ends the step that it is at. StoreUnavailable."""
        while await self._move_what_waits():
            pass

    async def run_until_empty(self) -> None:
        """The same, and then wait for what is being spoken, until that has ended or comes back."""
        await self.run()
        while not await self._is_empty():
            await self._source.provider.wait_for_work(_LOOK_EVERY)
            await self.run()

    async def finish(self) -> None:
        """Only what left and has not arrived: an earlier run left it so, or the answer that named it was lost."""
        left_over = [job_id for job_id in await self._patiently(self.on_its_way) if job_id not in self.stayed]
        while left_over:
            portion, left_over = left_over[: self._carrier.at_once], left_over[self._carrier.at_once :]
            await self._finished(self._carrier.carry(portion))

    async def on_its_way(self) -> list[str]:
        """Ids of the jobs that left for the target and of which nobody has said yet that they are there."""
        return [each.job_id for each in await self._source.provider.departed() if each.to == self.destination]

    async def _move_what_waits(self) -> int:
        """Once through the store; how many moved."""
        before = self.moved
        self.stayed.clear()
        source = self._source.provider
        await self._patiently(TTSQueue(source, stuck_after=self._stuck_after).reset_stuck_jobs)
        await self.finish()
        after: int | None = 0
        while after is not None:
            after = await self._finished(self._move_some(after))
        await self.finish()
        return self.moved - before

    async def _is_empty(self) -> bool:
        """Nobody speaks there, nothing is on its way, and none waits but those that had to stay.

        In the order in which a job goes, so that nothing slips through.
        """
        waiting = await self._patiently(self._waiting)
        stats = await self._patiently(self._source.provider.stats)
        on_its_way = await self._patiently(self.on_its_way)
        stay = self.stayed.keys()
        return waiting <= stay >= set(on_its_way) and stats.pending <= len(waiting) and not stats.processing

    async def _waiting(self) -> set[str]:
        found: set[str] = set()
        cursor: str | None = None
        while True:
            page = await self._source.provider.page(_PENDING, 100, cursor)
            found.update(job.id for job in page.jobs)
            cursor = page.next_cursor
            if cursor is None:
                return found

    async def _move_some(self, after: int) -> int | None:
        """Where to go on; None at the end."""
        departures = await self._patiently(
            lambda: self._source.provider.take_out(self.destination, after, self._carrier.at_once)
        )
        await self._carrier.carry(departures.job_ids)
        return departures.last if departures.job_ids else None

    def _patiently(self, call: Callable[[], Awaitable[T]]) -> Awaitable[T]:
        """The old store may be asked again: what it did before that is on its way, and found there."""
        return self._source.patiently(call, self._patience, self._watch.waiting)

    async def _finished(self, step: Awaitable[T]) -> T:
        """Also when we are cancelled meanwhile: then it is done before we go, unless a store is away."""
        task = asyncio.ensure_future(step)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            with self._patience.lost():
                await asyncio.gather(task, return_exceptions=True)
            raise
