"""Speech from any server with OpenAI's `POST /v1/audio/speech`: OpenAI, Kokoro-FastAPI, LocalAI, Speaches."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import httpx

from ttsqueue.engines.engine import Voice
from ttsqueue.engines.http_answer import is_sound, reason_of, retry_after
from ttsqueue.engines.server_errors import BadSound, CallFailed, Refused, ServerAway, ServerBusy
from ttsqueue.engines.sound_check import fault_of, longest_seconds
from ttsqueue.errors import EngineError, RateLimited
from ttsqueue.servers.endings import Spoken
from ttsqueue.servers.server import SpeechServer
from ttsqueue.servers.state import SpokenCall
from ttsqueue.servers.traffic import Call, Traffic

SAMPLE_RATE = 24_000
"""Of `response_format: pcm`, mono 16 bit (OpenAI's text-to-speech guide)."""

TRIES = 3
"""For a piece whose sound cannot be right."""

_LONGEST_ANSWER = 4096
"""Bytes of a refusal that are read."""
_COME_BACK = timedelta(minutes=1)
_QUOTED = 120
"""Characters of a sentence that are shown."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """In seconds."""

    connect: float = 10.0
    silence: float = 60.0
    """Between two bytes of an answer."""
    call: float = 180.0
    waiting: float = 600.0
    """For servers that are away; after that the job goes back, with its attempt, and another may go on."""


class OpenAISpeech:
    """Servers that have the same voice take turns: who can be called first is."""

    name = "openai"
    sample_rate = SAMPLE_RATE
    is_costly = True
    max_characters = 1000
    """OpenAI takes 4096; less is lost with a call that fails, and a book's progress moves."""

    def __init__(self, servers: Sequence[tuple[SpeechServer, Traffic]], timeouts: Timeouts = Timeouts()) -> None:
        self._servers = servers
        self._timeouts = timeouts
        limit = httpx.Timeout(timeouts.silence, connect=timeouts.connect, pool=None)
        self._client = httpx.AsyncClient(timeout=limit, follow_redirects=False, trust_env=False)

    async def voices(self) -> list[Voice]:
        """Those that servers.toml names."""
        found = {
            name: Voice(self.name, name, server.language, f"{name} ({server.name})")
            for server, _ in reversed(self._servers)
            for name in server.voices
        }
        return list(found.values())

    async def speak(self, text: str, voice: str, speed: float) -> AsyncGenerator[bytes, None]:
        """See Engine. Waits for servers that are busy or away."""
        yield await self._spoken(text, voice, speed)

    async def aclose(self) -> None:
        """Hang up."""
        await self._client.aclose()

    async def _spoken(self, text: str, voice: str, speed: float) -> bytes:
        """A piece as a whole, so that a call that breaks in the middle can be made again."""
        begun, bad = time.monotonic(), 0
        while True:
            server, traffic = await self._server_with(voice)
            try:
                return await self._call(server, traffic, text, voice, speed)
            except Refused as error:
                raise _refusal(server, error) from None
            except BadSound as error:
                if (bad := bad + 1) >= TRIES:
                    raise _complaint(server, error, text) from None
            except CallFailed as error:
                if time.monotonic() - begun > self._timeouts.waiting:
                    message = f"The TTS server {server.name} is away: {error}."
                    raise RateLimited(message, retry_after=_COME_BACK) from None

    async def _server_with(self, voice: str) -> tuple[SpeechServer, Traffic]:
        able = [(server, traffic) for server, traffic in self._servers if voice in server.voices]
        if not able:
            raise EngineError(f"No TTS server has the voice {voice!r}.", code="UNKNOWN_VOICE", retryable=False)
        if len(able) == 1:
            return able[0]
        delays = await asyncio.gather(*(traffic.delay() for _, traffic in able))
        return able[delays.index(min(delays))]

    async def _call(self, server: SpeechServer, traffic: Traffic, text: str, voice: str, speed: float) -> bytes:
        async with traffic.call(len(text)) as call:
            begun = time.monotonic()
            try:
                async with asyncio.timeout(self._timeouts.call):
                    pcm = await self._ask(server, text, voice, speed)
            except CallFailed as error:
                call.ending = error.ending
                raise
            except (httpx.HTTPError, TimeoutError) as error:
                away = ServerAway(type(error).__name__)
                call.ending = away.ending
                raise away from None
            _note(call, text, pcm, time.monotonic() - begun)
        if fault := fault_of(pcm, text, SAMPLE_RATE):
            raise BadSound(fault)
        return pcm

    async def _ask(self, server: SpeechServer, text: str, voice: str, speed: float) -> bytes:
        wish = {"model": server.model, "input": text, "voice": voice, "speed": speed, "response_format": "pcm"}
        key = {"Authorization": f"Bearer {server.api_key}"} if server.api_key else {}
        address = f"{server.url}/audio/speech"
        async with self._client.stream("POST", address, json=wish, headers=key) as answer:
            if answer.status_code != httpx.codes.OK:
                raise await _failure(answer)
            if not is_sound(answer.headers.get("content-type", "")):
                raise BadSound("it answers with something that is not sound")
            return await _sound(answer, text)


async def _sound(answer: httpx.Response, text: str) -> bytes:
    """Whole samples; no more than any voice would need."""
    most, pcm = int(longest_seconds(text) * SAMPLE_RATE * 2) + 2, bytearray()
    async for chunk in answer.aiter_bytes():
        pcm += chunk
        if len(pcm) > most:
            raise BadSound("the sound does not end")
    return bytes(pcm[: len(pcm) // 2 * 2])


async def _failure(answer: httpx.Response) -> CallFailed:
    status = answer.status_code
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return ServerBusy("it has too much to do", retry_after(answer.headers.get("retry-after")))
    if status >= httpx.codes.INTERNAL_SERVER_ERROR or status == httpx.codes.REQUEST_TIMEOUT:
        return ServerAway(f"HTTP {status}")
    if answer.is_redirect:
        return Refused("it sends us elsewhere; correct its url in servers.toml")
    body = b""
    async for chunk in answer.aiter_bytes(_LONGEST_ANSWER):
        body += chunk
        if len(body) >= _LONGEST_ANSWER:
            break
    return Refused(reason_of(status, body).rstrip("."))


def _note(call: Call, text: str, pcm: bytes, seconds: float) -> None:
    call.ending = Spoken(SpokenCall(len(text), seconds, len(pcm) / 2 / SAMPLE_RATE))


def _refusal(server: SpeechServer, error: Refused) -> EngineError:
    return EngineError(f"The TTS server {server.name} refuses: {error}.", code="REFUSED", retryable=False)


def _complaint(server: SpeechServer, error: BadSound, text: str) -> EngineError:
    message = f'The TTS server {server.name} cannot speak this ({error}): "{text.strip()[:_QUOTED]}".'
    return EngineError(message, code="BAD_SOUND", retryable=False)
