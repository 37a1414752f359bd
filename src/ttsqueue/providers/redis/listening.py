"""Hearing what changes: one connection per process that waits on two streams, from the first who wants to know."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from itertools import chain, repeat
from typing import Any

from redis.exceptions import RedisError

from ttsqueue.errors import StoreUnavailable
from ttsqueue.providers.redis.adoption import Adoption
from ttsqueue.providers.redis.keys import CHANGES, EVENTS
from ttsqueue.providers.redis.lane import Lane
from ttsqueue.providers.redis.missing import Missing
from ttsqueue.providers.redis.wire import Wire, together

_log = logging.getLogger("ttsqueue.redis")

_NAP = 0.3

_PAUSE = 0.005
"""Seconds in which more news may gather before they are read."""

_LONG_PAUSE = 0.02
"""When news have not ended for so many pauses:"""
_FLOOD = 10

_LOOKS = 5
"""Behind a gap lies more than so many of them can take in."""

_NOWHERE = "0-0"
"""Where a stream ends that was never written to."""

_WAKING = frozenset({b"added", b"waiting", b"resumed"})
"""BullMQ's events after which a job may be claimed."""


class Listening:
    """Calls `hear(job ids, whether there may be work)` for all that changes, in this process too, and `miss` when
    something may have changed unheard.

    What other programs do to BullMQ's queue changes no job of ours by itself: `adoption` sees to that.
    """

    def __init__(
        self,
        wire: Wire,
        lane: Lane,
        hear: Callable[[frozenset[str], bool], None],
        miss: Callable[[], None],
        adoption: Adoption,
        missing: Missing,
        patience: timedelta,
    ) -> None:
        self._wire = wire
        self._lane = lane
        self._hear = hear
        self._miss = miss
        self._adoption = adoption
        self._missing = missing
        self._patience = patience
        self._listener: asyncio.Task[None] | None = None
        self._begun = asyncio.Event()
        self._trouble = ""
        self._places: tuple[str, str] | None = None

    async def start(self) -> None:
        """Back when whatever is written from now on will be heard."""
        if self._listener is None:
            self._listener = asyncio.create_task(self._run())
        await self._begun.wait()

    async def aclose(self) -> None:
        listener, self._listener = self._listener, None
        self._begun.set()
        while listener is not None and not listener.done():
            listener.cancel()  # redis-py has been seen to swallow one
            await asyncio.wait([listener], timeout=0.2)
        await self._missing.aclose()
        await self._wire.aclose()

    async def _run(self) -> None:
        while True:
            try:
                await self._catch_up()
                self._trouble = ""
                while True:
                    await self._listen()
                    await self._missing.look_when_due(self._wire)
            except (StoreUnavailable, RedisError, OSError) as error:
                self._say(str(error) or type(error).__name__)
            except Exception:
                _log.exception("listening broke off; it begins again")
            self._begun.set()
            await asyncio.sleep(_NAP)

    def _say(self, trouble: str) -> None:
        """Once, as long as it lasts."""
        if trouble != self._trouble:
            _log.warning("listening broke off; it is tried again: %s", trouble)
        self._trouble = trouble

    async def _catch_up(self) -> None:
        """Go on where we were; behind what is there if a stream lost its end, as a server does that crashed."""
        _, *ends, first_change, first_event = await self._lane.run("ends", {})
        places = self._places
        if places is None or any(map(_is_before, ends, places)):
            self._places, has_missed = (ends[0], ends[1]), True
        else:
            has_missed = any(map(_is_before, places, (first_change, first_event)))
        self._hear(frozenset(), True)
        if has_missed and self._begun.is_set():
            self._miss()
        self._begun.set()
        if has_missed:
            self._missing.look_soon()
            await self._adoption.sweep()

    async def _listen(self) -> None:
        """From one silence to the next: the first news at once, what follows in larger parts."""
        places = self._places or ()
        first = await self._silence()
        if not first:
            return
        if any(_WAKING.intersection(entry[1]) for _, entries in first for entry in entries):
            self._hear(frozenset(), True)
        for number, pause in enumerate(chain(repeat(_PAUSE, _FLOOD), repeat(_LONG_PAUSE))):
            if not await self._take_in():
                return
            if number % _LOOKS == 1:
                await self._look_for_gap(places)
                await self._missing.look_when_due(self._wire)
                places = self._places or ()
            await asyncio.sleep(pause)

    async def _silence(self) -> Any:
        """The first entry of the first stream that has news; nothing when the silence has lasted long enough."""
        assert self._places is not None  # noqa: S101 - for the types: _catch_up comes first
        wait = (
            "XREAD",
            "COUNT",
            1,
            "BLOCK",
            self._patience // timedelta(milliseconds=1),
            "STREAMS",
            CHANGES,
            EVENTS,
            *self._places,
        )
        return together(await self._wire.ask(wait))

    async def _take_in(self) -> bool:
        """Whether there was anything. Both streams in one look: a script may have written to both."""
        assert self._places is not None  # noqa: S101 - for the types: _catch_up comes first
        changes, events = self._places
        _, *ends, ids, wakes, of_all, moved = await self._lane.run("news", {"changes": changes, "events": events})
        if of_all:
            self._missing.look_soon()
        if ends == [changes, events]:
            return False
        self._places = (ends[0], ends[1])
        if ids or wakes:
            self._hear(frozenset(ids), bool(wakes))
        await self._adoption.follow(moved)
        return True

    async def _look_for_gap(self, places: tuple[str, ...]) -> None:
        """Whether the oldest entries were cut away before we came to read them."""
        _, _, _, *firsts = await self._lane.run("ends", {})
        if any(place != _NOWHERE and _is_before(place, first) for place, first in zip(places, firsts, strict=True)):
            self._miss()
            self._missing.look_soon()
            await self._adoption.sweep()


def _is_before(entry: str, other: str) -> bool:
    return _number(entry) < _number(other)


def _number(entry: str) -> tuple[int, int]:
    milliseconds, _, count = entry.partition("-")
    return int(milliseconds), int(count)
