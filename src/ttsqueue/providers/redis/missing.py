"""Jobs of ours that have left BullMQ's queue, though nobody told: tools drain, clean and obliterate it as a whole."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import timedelta

from ttsqueue.errors import StoreUnavailable
from ttsqueue.providers.redis.adoption import Adoption
from ttsqueue.providers.redis.keys import PENDING, PROCESSING
from ttsqueue.providers.redis.lane import Lane
from ttsqueue.providers.redis.wire import Wire, together

_log = logging.getLogger("ttsqueue.redis")

_SOON = 1.0
"""Seconds. A tool takes a large queue apart piece by piece."""


class Missing:
    """Looks for them beside all else, and has done to ours what was done to those. See docs/decisions/0041."""

    def __init__(self, lane: Lane, adoption: Adoption, every: timedelta) -> None:
        self._lane = lane
        self._adoption = adoption
        self._every = every.total_seconds()
        self._due = time.monotonic() + self._every
        self._is_told = False
        self._looking: asyncio.Task[None] | None = None

    def look_soon(self) -> None:
        self._is_told = True
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())

    async def look_when_due(self, wire: Wire) -> None:
        """Where nothing waits or runs, this is one command: some pay for each. RedisError, OSError."""
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + self._every
        if together(await wire.ask(("EXISTS", PENDING, PROCESSING))):
            self.look_soon()

    async def aclose(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait([self._looking])

    async def _look(self) -> None:
        try:
            while self._is_told:
                self._is_told = False
                await asyncio.sleep(_SOON)
                self._is_told |= await self._found()
        except StoreUnavailable as error:
            _log.warning("jobs that tools have taken out of the queue are looked for later: %s", error)
        except Exception:
            _log.exception("jobs that tools have taken out of the queue are looked for later")

    async def _found(self) -> bool:
        """Whether there were any. As long as each round through the queue finds some, it goes on at once."""
        at_first, rounds = await self._count()
        missing, in_vain = at_first, 0
        while missing and in_vain < rounds:
            await self._adoption.sweep()
            before, (missing, _) = missing, await self._count()
            in_vain = 0 if missing < before else in_vain + 1
        return missing < at_first

    async def _count(self) -> tuple[int, int]:
        """How many are missing at least, and in how many rounds a sweep has seen all."""
        _, missing, rounds = await self._lane.run("missing", {})
        return missing, rounds
