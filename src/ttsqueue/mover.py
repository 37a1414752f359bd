"""Moving what waits from one store to another, while both are used.

A job is taken out there, put in here, and forgotten there: see docs/decisions/0026. Nothing is kept in this process:
killed at any moment, the next run finds in the stores what is under way, and several may run side by side.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Protocol, TypeVar

from ttsqueue.copied_keys import copy_keys
from ttsqueue.departed import Stayed, leave_address
from ttsqueue.errors import DuplicateJob, StoreUnavailable, TTSQueueError
from ttsqueue.jobs import JobStatus
from ttsqueue.listing import JobFilter
from ttsqueue.moving import MovingJob
from ttsqueue.queue import TTSQueue
from ttsqueue.side import Side
from ttsqueue.store_identity import identity_of, tell_apart

AT_FIRST, AT_ONCE = 4, 32
"""Jobs, while nobody knows how long they are; and jobs at most."""

TEXT_AT_ONCE = 4_000_000
"""Characters or so: they are in memory together, on a line together, and in neither queue meanwhile."""

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


class Watch(Protocol):
    """Whoever looks on."""

    async def moved(self, moving: MovingJob) -> None:
        """This job has moved."""

    def waiting(self, sentence: str) -> None:
        """Why nothing happens."""


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
        self.moved = 0
        self.stayed: dict[str, Stayed] = {}
        self._source = source
        self._target = target
        self._watch = watch
        self._stuck_after = stuck_after
        self._patience = patience
        self._to = ""
        self._at_once = AT_FIRST
        self._text = 0

    async def prepare(self) -> None:
        """Get to know both stores. SameStore, StoreUnavailable."""
        if not await tell_apart(self._source.provider, self._target.provider):
            raise SameStore(
                f"{self._source.name} and {self._target.name} are the same store; there is nothing to move."
            )
        self._to = await identity_of(self._target.provider)
        await leave_address(self._source, self._to, self._target.name)
        await copy_keys(self._source, self._target, self._patience, self._watch.waiting)
        await self._source.provider.wait_for_work(_LISTEN)

    async def run(self) -> None:
        """Until nothing waits that can be moved. Cancelled, it leaves nothing half-way. StoreUnavailable."""
        while await self._move_what_waits():
            pass

    async def run_until_empty(self) -> None:
        """The same, and then wait for what is being spoken, until that has ended or comes back."""
        await self.run()
        while not await self._is_empty():
            await self._source.provider.wait_for_work(_LOOK_EVERY)
            await self.run()

    async def finish(self) -> None:
        """Only what left and of which nobody has said yet that it is there."""
        left_over = await self._patiently(self._source, self.on_its_way)
        while left_over:
            portion, left_over = left_over[: self._at_once], left_over[self._at_once :]
            await _finished(self._carry_all(portion))

    async def on_its_way(self) -> list[str]:
        """Ids of the jobs that left for the target and of which nobody has said yet that they are there."""
        return [each.job_id for each in await self._source.provider.departed() if each.to == self._to]

    async def _move_what_waits(self) -> int:
        """Once through the store; how many moved."""
        before = self.moved
        self.stayed.clear()
        source = self._source.provider
        await self._patiently(self._source, TTSQueue(source, stuck_after=self._stuck_after).reset_stuck_jobs)
        await self.finish()
        after: int | None = 0
        while after is not None:
            after = await _finished(self._move_some(after))
        await self.finish()  # what left although no answer told of it
        return self.moved - before

    async def _is_empty(self) -> bool:
        """Nobody speaks there, and none waits or is on its way but those that had to stay. In this order nothing slips
        through.
        """
        waiting = await self._patiently(self._source, self._waiting)
        stats = await self._patiently(self._source, self._source.provider.stats)
        on_its_way = await self._patiently(self._source, self.on_its_way)
        is_known = {*waiting, *on_its_way} <= self.stayed.keys()
        return is_known and stats.pending <= len(waiting) and not stats.processing

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
            self._source, lambda: self._source.provider.take_out(self._to, after, self._at_once)
        )
        await self._carry_all(departures.job_ids)
        return departures.last if departures.job_ids else None

    async def _carry_all(self, job_ids: Sequence[str]) -> None:
        """One that fails does not leave the others half-way."""
        self._text = 0
        done = await asyncio.gather(*map(self._carry, job_ids), return_exceptions=True)
        as_long = TEXT_AT_ONCE * len(job_ids) // max(self._text, 1)
        self._at_once = max(1, min(as_long, self._at_once * 2, AT_ONCE))
        for error in done:
            if error is not None:
                raise error

    async def _carry(self, job_id: str) -> None:
        moving = await self._patiently(self._source, lambda: self._source.provider.departing(job_id))
        if moving is None:  # another mover was quicker
            return
        self._text += len(moving.payload)
        reason = await self._put_in(moving)
        if reason is None:
            await self._patiently(self._source, lambda: self._source.provider.gone([moving.lease]))
            self.moved += 1
            await self._watch.moved(moving)
        else:
            reason = await self._take_back(moving) or reason
            self.stayed[job_id] = Stayed(moving.job, reason)
        await self._patiently(self._target, lambda: self._target.provider.close_arrivals([moving.lease]))

    async def _put_in(self, moving: MovingJob) -> str | None:
        """Why not, if not."""
        try:
            twin = await self._patiently(self._target, lambda: self._target.provider.arrive(moving))
        except StoreUnavailable:
            raise
        except TTSQueueError as error:
            return str(error)
        return twin and f"the same book is there already, as job {twin}"

    async def _take_back(self, moving: MovingJob) -> str | None:
        """Why it cannot even come back, if it cannot: it is kept, and the next run tries again."""
        try:
            await self._patiently(self._source, lambda: self._source.provider.come_back(moving.lease))
        except DuplicateJob as error:
            return (
                f"the same book is on both sides already, here as job {error.job_id}; it is kept until one of them ends"
            )
        return None

    def _patiently(self, side: Side, call: Callable[[], Awaitable[T]]) -> Awaitable[T]:
        """Every call may be made again."""
        return side.patiently(call, self._patience, self._watch.waiting)


async def _finished(step: Awaitable[T]) -> T:
    """Also when we are cancelled meanwhile: then it is done before we go."""
    task = asyncio.ensure_future(step)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise
