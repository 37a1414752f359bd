"""What one connection is told, message by message, until it ends."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from enum import Enum

from ttsqueue.api.live.hub import Hub
from ttsqueue.api.live.job_state import JobState, message
from ttsqueue.api.live.listener import Listener
from ttsqueue.errors import StoreError

HEARTBEAT = message({"type": "heartbeat"})

BEAT = 15.0
"""Seconds between heartbeats."""

REMEMBERED = 32
"""Jobs whose last message a connection remembers, as a number each: one that learns of more may be told twice."""

_RETRY = 1.0
"""Seconds until the store is asked again after it failed."""


class End(Enum):
    """Why a stream ends by itself. `name` and `value` go to the client: a word and a sentence."""

    FINISHED = "The job has reached its final state."
    EXPIRED = "Your session has expired; sign in again."
    STOPPING = "The server is stopping; connect again in a moment."


class Ended(Exception):
    """There is no next message."""

    def __init__(self, end: End) -> None:
        super().__init__(end.value)
        self.end = end


class Feed:
    """Reads a state only when the one before has been taken away."""

    def __init__(self, hub: Hub, listener: Listener, expires_at: datetime | None) -> None:
        self._hub = hub
        self._listener = listener
        self._next_beat = time.monotonic() + BEAT
        self._expires = _on_our_clock(expires_at)
        self._try_again = 0.0
        self._is_pending = False
        self._told: dict[str, int] = {}
        self._finished = False

    async def next(self) -> str:
        """The next message as JSON, as soon as there is one. Ended."""
        while True:
            now = time.monotonic()
            self._check_goes_on(now)
            if now >= self._next_beat:
                self._beat(now)
                return HEARTBEAT
            if now >= self._try_again and (text := await self._state()) is not None:
                return text
            times = (self._next_beat, self._expires, self._try_again)
            await self._listener.wait(min(moment for moment in times if moment > now) - now)

    def _beat(self, now: float) -> None:
        """A job that waits moves up in the queue without changing: it is due again."""
        self._next_beat = now + BEAT
        job_id = self._listener.interest.job_id
        if job_id is not None and self._is_pending:
            self._listener.tell((job_id,))

    def _check_goes_on(self, now: float) -> None:
        if self._finished:
            raise Ended(End.FINISHED)
        if self._listener.is_over:
            raise Ended(End.STOPPING)
        if now >= self._expires:
            raise Ended(End.EXPIRED)

    async def _state(self) -> str | None:
        """Of the first due job that has news; None if none has, or the store does not answer."""
        job_id = None
        try:
            await self._start_anew()
            while (job_id := self._listener.take()) is not None:
                if (text := self._unless_told(await self._hub.state(job_id))) is not None:
                    return text
        except StoreError:
            self._try_again = time.monotonic() + _RETRY
            self._listener.tell(() if job_id is None else (job_id,))
        return None

    def _unless_told(self, state: JobState) -> str | None:
        """What was read before its change is heard of is no news. A finished chapter is, though no text shows it."""
        if self._listener.interest.job_id is not None:
            self._is_pending, self._finished = state.is_pending, state.is_last
        now = hash((state.text, state.job and state.job.updated_at))
        before = self._told.pop(state.job_id, None)
        self._told[state.job_id] = now
        if len(self._told) > REMEMBERED:
            del self._told[next(iter(self._told))]
        return state.text if now != before else None

    async def _start_anew(self) -> None:
        if not self._listener.must_start_anew:
            return
        self._listener.must_start_anew = False  # first: it may be set again while we read
        try:
            self._listener.tell(await self._hub.current(self._listener.interest))
        except BaseException:
            self._listener.must_start_anew = True
            raise


def _on_our_clock(moment: datetime | None) -> float:
    """In the seconds of time.monotonic()."""
    if moment is None:
        return float("inf")
    return time.monotonic() + (moment - datetime.now(UTC)).total_seconds()
