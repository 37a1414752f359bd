"""Calls to one server, in step with all other workers: each asks the store for its turn."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TypeVar
from uuid import uuid4

from ttsqueue.beside import beside
from ttsqueue.errors import StoreUnavailable
from ttsqueue.provider import QueueProvider
from ttsqueue.servers.endings import Abandoned, Ending, ended
from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.state import ServerState, state_of, state_text
from ttsqueue.servers.turns import PERMIT_LASTS, Go, Wait, asked, renewed

T = TypeVar("T")


@dataclass(slots=True)
class Call:
    """One call under way. Say how it ended; else it counts as abandoned."""

    ending: Ending = field(default_factory=Abandoned)


class Traffic:
    """All calls of this process to the server `name`."""

    def __init__(self, store: QueueProvider, name: str, limits: ServerLimits) -> None:
        self._store = store
        self._note = f"server:{name}"
        self._limits = limits
        # Of the calls of one process one asks the store, and the others wait for it.
        self._asking = asyncio.Lock()

    @asynccontextmanager
    async def call(self, characters: int) -> AsyncIterator[Call]:
        """Wait for a turn, for as long as it takes; the block is the call. StoreUnavailable."""
        permit_id = uuid4().hex
        call = Call()
        try:
            await self._take_turn(permit_id, characters)
            async with beside(self._keep(permit_id)):
                yield call
        finally:
            await asyncio.shield(self._end(permit_id, call))

    async def state(self) -> tuple[ServerState, float]:
        """As it is now, and the time by the store's clock. StoreUnavailable."""
        note = await self._store.note(self._note)
        return state_of(note.text), note.read_at.timestamp()

    async def delay(self) -> float:
        """Seconds until a call could start, as far as can be told now. StoreUnavailable."""
        state, now = await self.state()
        waiting = max(state.next_call_at, state.paused_until) - now
        busy = len(state.permits) / ((state.limits or self._limits).max_concurrent or 1000)
        return max(waiting, 0.0) + busy

    async def set_limits(self, limits: ServerLimits | None) -> None:
        """For all workers, from now on; None goes back to those of the file. StoreUnavailable."""
        await self._change(lambda state, _: (replace(state, limits=limits), None))

    async def _take_turn(self, permit_id: str, characters: int) -> None:
        async with self._asking:
            turn = await self._ask(permit_id, characters)
            while isinstance(turn, Wait):
                await asyncio.sleep(turn.seconds)
                turn = await self._ask(permit_id, characters)
        await asyncio.sleep(turn.seconds)

    async def _ask(self, permit_id: str, characters: int) -> Go | Wait:
        return await self._change(lambda state, now: asked(state, self._limits, characters, permit_id, now))

    async def _keep(self, permit_id: str) -> None:
        while True:
            await asyncio.sleep(PERMIT_LASTS / 3)
            with suppress(StoreUnavailable):
                await self._change(lambda state, now: (renewed(state, permit_id, now), None))

    async def _end(self, permit_id: str, call: Call) -> None:
        """A store that is away just now is no reason to lose what was spoken: the permit ends by itself."""
        with suppress(StoreUnavailable):
            chance = random.random()  # noqa: S311 - nothing secret
            await self._change(lambda state, now: (ended(state, permit_id, call.ending, now, chance), None))

    async def _change(self, decide: Callable[[ServerState, float], tuple[ServerState, T]]) -> T:
        """Read, decide, write; once more when somebody else wrote in between."""
        while True:
            note = await self._store.note(self._note)
            before = state_of(note.text)
            after, answer = decide(before, note.read_at.timestamp())
            if after == before or await self._store.write_note(self._note, state_text(after), note.version):
                return answer
