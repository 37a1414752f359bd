"""Jobs that have left one store are carried into another: put in there, then forgotten here. Or back, with a reason."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from ttsqueue.departed import Stayed
from ttsqueue.errors import DuplicateJob, StoreUnavailable, TTSQueueError
from ttsqueue.moving import MovingJob
from ttsqueue.patience import Patience
from ttsqueue.side import Side

AT_FIRST, AT_ONCE = 4, 32
"""Jobs, while nobody knows how long they are; and jobs at most."""

TEXT_AT_ONCE = 4_000_000
"""Characters or so: they are in memory together, on a line together, and in neither queue meanwhile."""

T = TypeVar("T")


class Watch(Protocol):
    """Whoever looks on."""

    async def moved(self, moving: MovingJob) -> None:
        """This job has moved."""

    def waiting(self, sentence: str) -> None:
        """Why nothing happens."""


class Carrier:
    """Between two stores."""

    def __init__(self, source: Side, target: Side, watch: Watch, patience: Patience) -> None:
        self.moved = 0
        self.stayed: dict[str, Stayed] = {}
        self.at_once = AT_FIRST
        """Jobs that should leave together next."""
        self._source = source
        self._target = target
        self._watch = watch
        self._patience = patience
        self._text = 0

    async def carry(self, job_ids: Sequence[str]) -> None:
        """One that fails does not leave the others half-way. StoreUnavailable."""
        self._text = 0
        done = await asyncio.gather(*map(self._carry_one, job_ids), return_exceptions=True)
        as_long = TEXT_AT_ONCE * len(job_ids) // max(self._text, 1)
        self.at_once = max(1, min(as_long, self.at_once * 2, AT_ONCE))
        for error in done:
            if error is not None:
                raise error

    async def _carry_one(self, job_id: str) -> None:
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
