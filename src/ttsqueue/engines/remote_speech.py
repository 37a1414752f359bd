"""Speech from TTS servers: what all of them share, whichever way they want to be asked."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from urllib.parse import urlsplit

from ttsqueue.engines.able_servers import AbleServers, Place
from ttsqueue.engines.dialect import Dialect
from ttsqueue.engines.engine import Voice
from ttsqueue.engines.remote_call import USUAL, RemoteCalls, Timeouts
from ttsqueue.engines.remote_piece import RemotePiece
from ttsqueue.engines.remote_sound import most_bytes, pcm_of
from ttsqueue.engines.server_errors import CallFailed, NotSound
from ttsqueue.errors import EngineError
from ttsqueue.servers.endings import Spoken
from ttsqueue.servers.server import SpeechServer
from ttsqueue.servers.state import SpokenCall
from ttsqueue.servers.traffic import Call
from ttsqueue.text import has_words, storable

SAMPLE_RATE = 24_000
"""Of what nearly all servers send; the rest is resampled, so that servers can take turns within a chapter."""


class RemoteSpeech:
    """Servers that have the same voice take turns: who can be called first is."""

    sample_rate = SAMPLE_RATE
    is_costly = True

    def __init__(self, dialect: Dialect, servers: Sequence[Place], timeouts: Timeouts = USUAL) -> None:
        self.name = dialect.name
        self.max_characters = dialect.max_characters
        self._dialect = dialect
        self._servers = servers
        self._timeouts = timeouts
        self._calls = RemoteCalls(timeouts)
        self._passed_over: defaultdict[str, dict[str, float]] = defaultdict(dict)
        """By voice."""

    async def voices(self) -> list[Voice]:
        """Those that servers.toml names; of two servers with the same voice, the first describes it."""
        names = dict.fromkeys(name for server, _ in self._servers for name in self._dialect.voices(server))
        return [self._voice(name) for name in names]

    async def speak(self, text: str, voice: str, speed: float) -> AsyncGenerator[bytes, None]:
        """See Engine. Waits for servers that are busy or away."""
        await self._calls.get_ready()

        async def ask(call: Call, server: SpeechServer, wanted: str) -> bytes:
            return await self._call(call, server, wanted, voice, speed)

        # As a whole, so that a call that breaks in the middle can be made again.
        able = AbleServers(self._servers_with(voice), self._passed_over[voice])
        yield await RemotePiece(text, able, ask, self._timeouts).spoken()

    async def aclose(self) -> None:
        """Hang up."""
        await self._calls.aclose()

    def _voice(self, name: str) -> Voice:
        servers = [server for server, _ in self._servers_with(name)]
        models = sorted({self._sound_of(server) for server in servers})
        may_cost = any(server.may_cost for server in servers)
        label = f"{name} ({servers[0].name})"
        return Voice(self.name, name, servers[0].language_of(name), label, "\n".join(models), may_cost)

    def _sound_of(self, server: SpeechServer) -> str:
        """All that its operator may set and that changes the sound."""
        slowest, fastest = self._speeds_of(server)
        pcm_rate = self._dialect.pcm_rate(server)
        return f"{server.model or server.url}, PCM at {pcm_rate} Hz, speed {slowest:g} to {fastest:g}"

    def _speeds_of(self, server: SpeechServer) -> tuple[float, float]:
        return self._dialect.speeds if server.has_speed else (1.0, 1.0)

    def _servers_with(self, voice: str) -> list[Place]:
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
        slowest, fastest = self._speeds_of(server)
        native = min(max(speed, slowest), fastest)
        wish = self._dialect.wish(server, storable(text), voice, native)
        answer = await self._calls.ask(wish, most_bytes(text), _secrets(server), server.timeout_seconds)
        if not answer.content and has_words(text):
            raise NotSound("it answers with nothing")
        rate, tempo = self._dialect.pcm_rate(server), speed / native
        return await asyncio.to_thread(pcm_of, answer.content, answer.content_type, rate, SAMPLE_RATE, tempo)


def _secrets(server: SpeechServer) -> list[str]:
    """Whatever a server says, nobody may read these."""
    host = urlsplit(server.url).hostname or ""
    return [server.api_key, *([host] if "." in host else [])]


def _note(call: Call, text: str, pcm: bytes, seconds: float) -> None:
    call.ending = Spoken(SpokenCall(len(text), seconds, len(pcm) / 2 / SAMPLE_RATE))
