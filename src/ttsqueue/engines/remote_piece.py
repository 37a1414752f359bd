"""One piece of text, asked for until there is sound, or a reason why there will be none."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from math import inf

from ttsqueue.engines.able_servers import AbleServers, Place
from ttsqueue.engines.remote_call import Timeouts
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
from ttsqueue.servers.traffic import Call, NoTurn

_CHOICE_HOLDS = 1.0
"""Seconds in line at one server while another may have become free."""
_SOONEST_BACK, _LATEST_BACK = 60.0, 600.0
"""Seconds until a book asks again for a server that was away. One call of it tells how that is."""
_LONG = 60.0
"""Seconds; whoever reads of a server that has been away for longer may want to look after it."""
_NONSENSE = 20.0
"""Seconds for which a server may answer with something that is no sound."""
_QUOTED = 120
"""Characters of a sentence that are shown."""


class RemotePiece:
    """Servers that are busy are waited for, and those that are away for `timeouts.waiting` seconds."""

    def __init__(
        self,
        text: str,
        able: AbleServers,
        speak: Callable[[Call, SpeechServer, str], Awaitable[bytes]],
        timeouts: Timeouts,
    ) -> None:
        self._text = text
        self._able = able
        self._speak = speak
        self._timeouts = timeouts
        self._suspicion = Suspicion()
        self._proven: Place | None = None
        self._next_probe_is_harmless = True
        self._failed_at: set[bool] = set()
        """False: at the text. True: at the harmless one."""
        self._trouble: tuple[SpeechServer, CallFailed] | None = None
        self._trouble_since: float | None = None

    async def spoken(self) -> bytes:
        """PCM. EngineError."""
        while True:
            sound = await self._ask(self._proven or await self._able.soonest())
            if sound is not None:
                return sound

    async def _ask(self, place: Place) -> bytes | None:
        """None when the next call may bring more."""
        server, traffic = place
        is_proof, self._proven = False, None
        in_line = inf if self._able.is_one else _CHOICE_HOLDS
        try:
            async with traffic.call(len(self._text), in_line, max(self._left, _CHOICE_HOLDS)) as call:
                is_proof = self._suspicion.wants_proof or (call.is_probe and self._next_probe_is_harmless)
                sound = await self._speak(call, server, HARMLESS if is_proof else self._text)
        except NoTurn as error:
            await self._wait(place, error.paused)
        except CallFailed as error:
            await self._judge(server, error, is_proof=is_proof)
        else:
            if not is_proof:
                return sound
            self._suspicion.proved()
            self._failed_at.discard(True)
            self._proven = place
        return None

    @property
    def _left(self) -> float:
        """Seconds for which a server that is away is still waited for. Standing in line takes none of them."""
        since = time.monotonic() if self._trouble_since is None else self._trouble_since
        return max(since + self._timeouts.waiting - time.monotonic(), 0.0)

    async def _wait(self, place: Place, paused: float) -> None:
        server, traffic = place
        self._suspicion.unproved()
        if paused and self._trouble_since is None:
            self._trouble_since = time.monotonic()
        if await self._able.pause() <= self._left:
            await asyncio.sleep(min(paused, _CHOICE_HOLDS))
        elif away_for := await traffic.away_for():
            others_heard = ServerAway(await traffic.last_trouble() or "it does not answer")
            raise _given_up(*(self._trouble or (server, others_heard)), away_for)
        else:
            raise _left_alone(server, paused)

    async def _judge(self, server: SpeechServer, error: CallFailed, *, is_proof: bool) -> None:
        """EngineError when it is the text, or when the server has been waited for long enough."""
        if isinstance(error, Refused | BadSound):
            self._take_refusal(server, error, is_proof=is_proof)
            return
        self._trouble = (server, error)
        self._trouble_since = self._trouble_since or time.monotonic()
        if isinstance(error, ServerBusy):
            if not self._left and self._able.is_one:
                raise _given_up(server, error) from None
            return
        self._failed_at.add(is_proof)
        if is_proof:
            self._blame_server()
        else:
            await self._blame_text(server, error)
        await self._check_patience(server, error)

    def _take_refusal(self, server: SpeechServer, error: Refused | BadSound, *, is_proof: bool) -> None:
        """What it refuses because of its key, the voice or its address, another server may speak; a text is refused
        by all, since all have the same model.
        """
        if is_proof:
            self._blame_server()  # some voices cannot say the harmless one
            return
        if isinstance(error, RefusedText | BadSound) or not self._able.refused_by(server):
            raise _about_the_text(server, error, self._text) from None
        self._suspicion.unproved()

    def _blame_server(self) -> None:
        self._suspicion.refuted()
        self._next_probe_is_harmless = False

    async def _blame_text(self, server: SpeechServer, error: CallFailed) -> None:
        self._next_probe_is_harmless = True
        self._suspicion.failed(slow=isinstance(error, ServerSlow))
        if self._suspicion.convicts:
            raise TextRefused(f"The TTS server {server.name} speaks, but not this: {error}.") from None
        await asyncio.sleep(self._timeouts.doubt * self._suspicion.pauses)

    async def _check_patience(self, server: SpeechServer, error: CallFailed) -> None:
        """Nothing is given up before both texts have failed, nor while another server of this voice is well."""
        if len(self._failed_at) < 2:
            return
        away_for = await self._able.away_for()
        waiting = self._timeouts.waiting
        patience = min(waiting, _NONSENSE) if isinstance(error, NotSound) else waiting
        is_over = self._left <= waiting - patience and (away_for > 0 or self._able.is_one)
        if is_over or away_for > waiting:
            raise _given_up(server, error, away_for) from None


def _about_the_text(server: SpeechServer, error: Refused | BadSound, text: str) -> EngineError:
    """Or about the key, the voice or the address: then every text is refused."""
    if isinstance(error, BadSound):
        message = f'The TTS server {server.name} cannot speak this ({error}): "{text.strip()[:_QUOTED]}".'
        return EngineError(message, code="BAD_SOUND", retryable=False)
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
    since = f" since {datetime.now(UTC) - timedelta(seconds=away_for):%Y-%m-%d %H:%M} UTC" if away_for >= _LONG else ""
    return RateLimited(f"The TTS server {server.name} is away{since}: {error}.", retry_after=timedelta(seconds=back))


def _left_alone(server: SpeechServer, seconds: float) -> RateLimited:
    """The worker has better to do meanwhile."""
    message = f"The TTS server {server.name} wants to be left alone for a while."
    return RateLimited(message, retry_after=timedelta(seconds=seconds))
