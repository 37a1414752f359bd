"""Calls to one server, in step with all other workers: each asks the store for its turn."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from math import inf
from time import monotonic
from typing import TypeVar

from ttsqueue.beside import beside
from ttsqueue.errors import StoreUnavailable
from ttsqueue.provider import QueueProvider
from ttsqueue.servers.clock import by_clock
from ttsqueue.servers.endings import Abandoned, Ending, ended
from ttsqueue.servers.holder import Holder
from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.state import ServerState, state_of, state_text
from ttsqueue.servers.turns import PERMIT_LASTS, Go, Wait, asked, renewed, with_limits
from ttsqueue.uninterrupted import uninterrupted

T = TypeVar("T")

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
"""Seconds between two questions to a store that does not answer."""
_MORE_TURNS = 2
"""So often somebody who comes too late for a turn asks for another; then a machine that is always late may call."""


class NoTurn(Exception):
    """It takes longer than the caller would wait. `paused` is for how many seconds the server must be left alone."""

    def __init__(self, paused: float = 0.0) -> None:
        super().__init__(paused)
        self.paused = paused


@dataclass(slots=True)
class Call:
    """One call under way. Say how it ended; else it counts as abandoned."""

    ending: Ending = field(default_factory=Abandoned)
    is_probe: bool = False
    """The server has failed for some time: what it is asked for shall be harmless."""


class Traffic:
    """All calls of this process to the server `name`. `lasts` is for how many seconds a permit does by itself."""

    def __init__(self, store: QueueProvider, name: str, limits: ServerLimits, lasts: float = PERMIT_LASTS) -> None:
        self._store = store
        self._note = f"server:{name}"
        self._limits = limits
        self._lasts = lasts
        self._holder = Holder()
        # Of the calls of one process one asks the store, and the others wait for it.
        self._asking = asyncio.Lock()
        self._in_line = 0
        self._unreported: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def call(self, characters: int, patience: float = inf, longest_pause: float = inf) -> AsyncIterator[Call]:
        """Wait for a turn; the block is the call. NoTurn after `patience` seconds, or at once when it is clear that
        they will not do, or that the server must be left alone for more than `longest_pause`. A store that is away is
        waited for.
        """
        permit_id = self._holder.new_permit()
        call = Call()
        try:
            call.is_probe = await self._take_turn(permit_id, characters, monotonic() + patience, longest_pause)
            async with beside(self._keep(permit_id)):
                yield call
        finally:
            await asyncio.shield(self._end(permit_id, call))

    async def state(self) -> tuple[ServerState, float]:
        """As it is now, and the time by the store's clock. StoreUnavailable."""
        note = await self._store.note(self._note)
        now = note.read_at.timestamp()
        return by_clock(state_of(note.text), now), now

    async def delay(self) -> float:
        """Seconds until a call could start, as far as can be told now."""
        try:
            state, now = await self.state()
        except StoreUnavailable:
            return 0.0
        waiting = max(state.next_call_at, state.paused_until) - now
        busy = len(state.permits) + self._in_line
        return max(waiting, 0.0) + busy / ((state.limits or self._limits).max_concurrent or 1000)

    async def pause(self) -> float:
        """Seconds for which the server must be left alone; zero when nobody can tell."""
        state, now = await self._seen()
        return max(state.paused_until - now, 0.0)

    async def away_for(self) -> float:
        """Seconds since the failures began that opened the circuit; zero when it is closed or nobody can tell."""
        state, now = await self._seen()
        return max(now - state.failing_since, 0.0) if state.is_open else 0.0

    async def last_trouble(self) -> str:
        """What the last call that went wrong was answered; empty when nobody can tell."""
        told = (await self._seen())[0].last_trouble
        return told.words if told else ""

    async def set_limits(self, limits: ServerLimits | None) -> None:
        """For all workers, from now on; None goes back to those of the file. StoreUnavailable."""
        await self._change(lambda state, now: (with_limits(state, limits, self._limits, now), None))

    async def _seen(self) -> tuple[ServerState, float]:
        """What `state` says, or what is known of a server that nobody has called yet."""
        try:
            return await self.state()
        except StoreUnavailable:
            return ServerState(), 0.0

    async def _take_turn(self, permit_id: str, characters: int, give_up: float, longest_pause: float) -> bool:
        """Whether it is a probe."""
        self._in_line += 1
        try:
            async with self._first_in_line(give_up):
                at, turn = await self._turn(permit_id, characters, give_up, longest_pause)
            # Who was too late does not stand in line again: those in front might wait for the permit that they hold.
            for _ in range(_MORE_TURNS):
                await asyncio.sleep(at - monotonic())
                if monotonic() - at <= turn.tolerance:
                    return turn.is_probe
                at, turn = await self._turn(permit_id, characters, give_up, longest_pause)
            await asyncio.sleep(at - monotonic())
            return turn.is_probe
        finally:
            self._in_line -= 1

    @asynccontextmanager
    async def _first_in_line(self, give_up: float) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(None if give_up == inf else max(give_up - monotonic(), 0.0)):
                await self._asking.acquire()
        except TimeoutError:
            raise NoTurn from None
        try:
            yield
        finally:
            self._asking.release()

    async def _turn(self, permit_id: str, characters: int, give_up: float, longest_pause: float) -> tuple[float, Go]:
        """When it is, by our own clock that only runs forward."""
        while True:
            asked_at, turn = await self._ask(permit_id, characters)
            if isinstance(turn, Go):
                return asked_at + turn.seconds, turn
            left = give_up - monotonic()
            if left <= 0 or turn.paused > min(left, longest_pause):
                raise NoTurn(turn.paused)
            await asyncio.sleep(min(turn.seconds, left))

    async def _ask(self, permit_id: str, characters: int) -> tuple[float, Go | Wait]:
        """And when the store was read."""

        def decide(state: ServerState, now: float) -> tuple[ServerState, tuple[float, Go | Wait]]:
            living = self._holder.without_the_dead(state)
            after, turn = asked(living, self._limits, characters, permit_id, now, self._lasts)
            return after, (monotonic(), turn)

        return await self._patiently(decide)

    async def _keep(self, permit_id: str) -> None:
        while True:
            await asyncio.sleep(self._lasts / 3)
            with suppress(StoreUnavailable):
                await self._change(lambda state, now: (renewed(state, permit_id, now, self._lasts), None))

    async def _end(self, permit_id: str, call: Call) -> None:
        """A store that is away just now is no reason to keep the caller, who may have sound: it is told later."""
        chance = random.random()  # noqa: S311 - nothing secret
        try:
            await self._change(lambda state, now: (ended(state, permit_id, call.ending, now, chance), None))
        except StoreUnavailable:
            later = asyncio.create_task(self._end_later(permit_id, call))
            self._unreported.add(later)
            later.add_done_callback(self._unreported.discard)

    async def _end_later(self, permit_id: str, call: Call) -> None:
        """Until the permit has ended by itself."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._lasts):
                await self._patiently(lambda state, now: (ended(state, permit_id, call.ending, now, 0.5), None))

    async def _patiently(self, decide: Callable[[ServerState, float], tuple[ServerState, T]]) -> T:
        """A store that is away is waited for."""
        pause = _FIRST_PAUSE
        while True:
            try:
                return await self._change(decide)
            except StoreUnavailable:
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    async def _change(self, decide: Callable[[ServerState, float], tuple[ServerState, T]]) -> T:
        """Read, decide, write; once more when somebody else wrote in between."""
        while True:
            note = await self._store.note(self._note)
            before, now = state_of(note.text), note.read_at.timestamp()
            after, answer = decide(by_clock(before, now), now)
            if after == before:
                return answer
            text = state_text(replace(after, written_at=now))
            # A store writes to its end what it has begun: who is cancelled meanwhile must find it when they end.
            if await uninterrupted(self._store.write_note(self._note, text, note.version)):
                return answer
