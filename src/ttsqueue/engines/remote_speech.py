"""Speech from TTS servers: what all of them share, whichever way they want to be asked."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from ttsqueue.engines.dialect import Dialect
from ttsqueue.engines.engine import Voice
from ttsqueue.engines.remote_call import USUAL, RemoteCalls, Timeouts
from ttsqueue.engines.remote_sound import most_bytes, pcm_of
from ttsqueue.engines.server_errors import BadSound, CallFailed, Refused, RefusedText
from ttsqueue.errors import EngineError, RateLimited, TextRefused
from ttsqueue.servers.endings import Spoken
from ttsqueue.servers.server import SpeechServer
from ttsqueue.servers.state import SpokenCall
from ttsqueue.servers.traffic import Call, NoTurn, Traffic
from ttsqueue.text import storable

SAMPLE_RATE = 24_000
"""Of what nearly all servers send; the rest is resampled, so that servers can take turns within a chapter."""

_COME_BACK = timedelta(minutes=1)
_CHOICE_HOLDS = 1.0
"""Seconds in line at one server while another may have become free."""
_QUOTED = 120
"""Characters of a sentence that are shown."""


class RemoteSpeech:
    """Servers that have the same voice take turns: who can be called first is."""

    sample_rate = SAMPLE_RATE
    is_costly = True

    def __init__(
        self, dialect: Dialect, servers: Sequence[tuple[SpeechServer, Traffic]], timeouts: Timeouts = USUAL
    ) -> None:
        self.name = dialect.name
        self.max_characters = dialect.max_characters
        self._dialect = dialect
        self._servers = servers
        self._timeouts = timeouts
        self._calls = RemoteCalls(timeouts)

    async def voices(self) -> list[Voice]:
        """Those that servers.toml names; of two servers with the same voice, the first describes it."""
        found = {
            name: Voice(
                *(self.name, name, server.language, f"{name} ({server.name})", server.model or server.url),
                server.may_cost,
            )
            for server, _ in reversed(self._servers)
            for name in self._dialect.voices(server)
        }
        return list(found.values())

    async def speak(self, text: str, voice: str, speed: float) -> AsyncGenerator[bytes, None]:
        """See Engine. Waits for servers that are busy or away."""
        yield await self._spoken(text, voice, speed)

    async def aclose(self) -> None:
        """Hang up."""
        await self._calls.aclose()

    async def _spoken(self, text: str, voice: str, speed: float) -> bytes:
        """A piece as a whole, so that a call that breaks in the middle can be made again."""
        begun = time.monotonic()
        await self._calls.get_ready()
        while True:
            able = self._servers_with(voice)
            server, traffic = await _soonest(able)
            left = max(begun + self._timeouts.waiting - time.monotonic(), 0.0)
            try:
                async with traffic.call(len(text), _CHOICE_HOLDS if len(able) > 1 else max(left, 1.0)) as call:
                    return await self._call(call, server, text, voice, speed)
            except NoTurn as error:
                if error.paused > left:
                    raise _left_alone(server, error) from None
                await asyncio.sleep(min(error.paused, _CHOICE_HOLDS))
            except Refused as error:
                raise _refusal(server, error) from None
            except BadSound as error:
                raise _complaint(server, error, text) from None
            except CallFailed as error:
                if time.monotonic() - begun > self._timeouts.waiting:
                    message = f"The TTS server {server.name} is away: {error}."
                    raise RateLimited(message, retry_after=_COME_BACK) from None

    def _servers_with(self, voice: str) -> list[tuple[SpeechServer, Traffic]]:
        able = [(server, traffic) for server, traffic in self._servers if voice in self._dialect.voices(server)]
        if not able:
            raise EngineError(f"No TTS server has the voice {voice!r}.", code="UNKNOWN_VOICE", retryable=False)
        return able

    async def _call(self, call: Call, server: SpeechServer, text: str, voice: str, speed: float) -> bytes:
        begun = time.monotonic()
        try:
            pcm = await self._ask(server, text, voice, speed)
        except CallFailed as error:
            call.ending = error.ending
            raise
        _note(call, text, pcm, time.monotonic() - begun)
        return pcm

    async def _ask(self, server: SpeechServer, text: str, voice: str, speed: float) -> bytes:
        slowest, fastest = self._dialect.speeds
        native = min(max(speed, slowest), fastest)
        wish = self._dialect.wish(server, storable(text), voice, native)
        answer = await self._calls.ask(wish, most_bytes(text), _secrets(server))
        rate, tempo = self._dialect.pcm_rate, speed / native
        return await asyncio.to_thread(pcm_of, answer.content, answer.content_type, rate, SAMPLE_RATE, tempo)


async def _soonest(able: Sequence[tuple[SpeechServer, Traffic]]) -> tuple[SpeechServer, Traffic]:
    """Chance decides between equals, or pieces that start together would all stand in line at the first."""
    if len(able) == 1:
        return able[0]
    delays = await asyncio.gather(*(traffic.delay() for _, traffic in able))
    return min(zip(delays, able, strict=True), key=lambda pair: (pair[0], random.random()))[1]  # noqa: S311


def _secrets(server: SpeechServer) -> list[str]:
    """Whatever a server says, nobody may read these."""
    host = urlsplit(server.url).hostname or ""
    return [server.api_key, *([host] if "." in host else [])]


def _note(call: Call, text: str, pcm: bytes, seconds: float) -> None:
    call.ending = Spoken(SpokenCall(len(text), seconds, len(pcm) / 2 / SAMPLE_RATE))


def _refusal(server: SpeechServer, error: Refused) -> EngineError:
    message = f"The TTS server {server.name} refuses: {error}."
    if isinstance(error, RefusedText):
        return TextRefused(message)
    return EngineError(message, code=TextRefused.code, retryable=False)


def _left_alone(server: SpeechServer, error: NoTurn) -> RateLimited:
    """The worker has better to do meanwhile."""
    message = f"The TTS server {server.name} wants to be left alone for a while."
    return RateLimited(message, retry_after=timedelta(seconds=error.paused))


def _complaint(server: SpeechServer, error: BadSound, text: str) -> EngineError:
    message = f'The TTS server {server.name} cannot speak this ({error}): "{text.strip()[:_QUOTED]}".'
    return EngineError(message, code="BAD_SOUND", retryable=False)
