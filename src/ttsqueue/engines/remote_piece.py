"""One piece of text, asked for until there is sound, or a reason why there will be none."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from ttsqueue.engines.server_errors import (
    BadSound,
    CallFailed,
    NotSound,
    Refused,
    RefusedText,
    ServerAway,
    ServerBusy,
    ServerSlow,
)
from ttsqueue.engines.suspicion import HARMLESS, Suspicion
from ttsqueue.errors import EngineError, RateLimited, TextRefused
from ttsqueue.servers.server import SpeechServer
from ttsqueue.servers.traffic import Call, NoTurn, Traffic

Place = tuple[SpeechServer, Traffic]
"""A server, and all calls to it."""

_CHOICE_HOLDS = 1.0
"""Seconds in line at one server while another may have become free."""
_SOONEST_BACK, _LATEST_BACK = 60.0, 600.0
"""Seconds until a book asks again for a server that was away. One call of it tells how that is."""
_NONSENSE = 20.0
"""Seconds for which a server may answer with something that is no sound."""
_QUOTED = 120
"""Characters of a sentence that are shown."""


class RemotePiece:
    """Servers that are busy or away are waited for, `waiting` seconds long."""

    def __init__(
        self,
        text: str,
        able: Sequence[Place],
        speak: Callable[[Call, SpeechServer, str], Awaitable[bytes]],
        waiting: float,
    ) -> None:
        self._text = text
        self._able = able
        self._speak = speak
        self._waiting = waiting
        self._begun = time.monotonic()
        self._suspicion = Suspicion()
        self._trouble: CallFailed = ServerAway("it does not answer")
        self._proven: Place | None = None

    async def spoken(self) -> bytes:
        """PCM. EngineError."""
        while True:
            sound = await self._ask(self._proven or await _soonest(self._able))
            if sound is not None:
                return sound

    async def _ask(self, place: Place) -> bytes | None:
        """None when the next call may bring more."""
        server, traffic = place
        is_proof, self._proven = False, None
        try:
            async with traffic.call(len(self._text), self._patience()) as call:
                is_proof = call.is_probe or self._suspicion.wants_proof
                sound = await self._speak(call, server, HARMLESS if is_proof else self._text)
        except NoTurn as error:
            await self._wait(place, error.paused)
        except Refused as error:
            raise _refusal(server, error) from None
        except BadSound as error:
            raise _complaint(server, error, HARMLESS if is_proof else self._text) from None
        except CallFailed as error:
            await self._judge(server, error, is_proof=is_proof)
        else:
            if not is_proof:
                return sound
            self._suspicion.proved()
            self._proven = place
        return None

    def _patience(self) -> float:
        return _CHOICE_HOLDS if len(self._able) > 1 else max(self._left, 1.0)

    @property
    def _left(self) -> float:
        return max(self._begun + self._waiting - time.monotonic(), 0.0)

    async def _wait(self, place: Place, paused: float) -> None:
        server, traffic = place
        if paused <= self._left:
            await asyncio.sleep(min(paused, _CHOICE_HOLDS))
        elif away_for := await traffic.away_for():
            raise _given_up(server, self._trouble, away_for)
        else:
            raise _left_alone(server, paused)

    async def _judge(self, server: SpeechServer, error: CallFailed, *, is_proof: bool) -> None:
        """EngineError when it is the text, or when the server has been waited for long enough."""
        self._trouble = error
        if isinstance(error, ServerBusy):
            if not self._left:
                raise _given_up(server, error)
        elif not is_proof:
            self._suspicion.failed(slow=isinstance(error, ServerSlow))
            if self._suspicion.convicts:
                message = f"The TTS server {server.name} speaks, but not this: {error}."
                raise TextRefused(message)
        else:
            self._suspicion.refuted()
            away_for = min(await asyncio.gather(*(traffic.away_for() for _, traffic in self._able)))
            is_nonsense = isinstance(error, NotSound) and time.monotonic() - self._begun > _NONSENSE
            if is_nonsense or not self._left or away_for > self._waiting:
                raise _given_up(server, error, away_for)


async def _soonest(able: Sequence[Place]) -> Place:
    """Chance decides between equals, or pieces that start together would all stand in line at the first."""
    if len(able) == 1:
        return able[0]
    delays = await asyncio.gather(*(traffic.delay() for _, traffic in able))
    return min(zip(delays, able, strict=True), key=lambda pair: (pair[0], random.random()))[1]  # noqa: S311


def _refusal(server: SpeechServer, error: Refused) -> EngineError:
    message = f"The TTS server {server.name} refuses: {error}."
    if isinstance(error, RefusedText):
        return TextRefused(message)
    return EngineError(message, code=TextRefused.code, retryable=False)


def _given_up(server: SpeechServer, error: CallFailed, away_for: float = 0.0) -> EngineError:
    """The longer it has been away, the later it is asked again: the worker has other books. What comes from the wrong
    address is an error that somebody has to see.
    """
    if isinstance(error, NotSound):
        return EngineError(f"The TTS server {server.name} brings no sound: {error}.", code="NOT_SOUND")
    back = min(max(away_for / 2, _SOONEST_BACK), _LATEST_BACK)
    return RateLimited(f"The TTS server {server.name} is away: {error}.", retry_after=timedelta(seconds=back))


def _left_alone(server: SpeechServer, seconds: float) -> RateLimited:
    """The worker has better to do meanwhile."""
    message = f"The TTS server {server.name} wants to be left alone for a while."
    return RateLimited(message, retry_after=timedelta(seconds=seconds))


def _complaint(server: SpeechServer, error: BadSound, text: str) -> EngineError:
    message = f'The TTS server {server.name} cannot speak this ({error}): "{text.strip()[:_QUOTED]}".'
    return EngineError(message, code="BAD_SOUND", retryable=False)
