"""Engines for TTS servers, all of whose calls go to the server that misbehaves."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from tests.engines.remote import Remote
from ttsqueue.engines.coqui import CoquiDialect
from ttsqueue.engines.dialect import Dialect
from ttsqueue.engines.elevenlabs import ElevenLabsDialect
from ttsqueue.engines.openai_speech import OpenAIDialect
from ttsqueue.engines.remote_call import Timeouts
from ttsqueue.engines.remote_speech import RemoteSpeech
from ttsqueue.providers.sqlite import SqliteProvider
from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.server import SpeechServer
from ttsqueue.servers.traffic import Traffic

TEXT = "The keeper climbed the stairs, and the lamp was lit at noon."
DIALECTS: tuple[Dialect, ...] = (OpenAIDialect(), CoquiDialect(), ElevenLabsDialect())


@dataclass(frozen=True)
class Attic:
    """Engines of each dialect, all of whose calls go to one server."""

    remote: Remote
    store: SqliteProvider
    made: list[RemoteSpeech] = field(default_factory=list)

    def engine(self, dialect: Dialect, silence: float = 10, **about: Any) -> RemoteSpeech:
        path = "" if dialect.name == "coqui" else "/v1"
        told = {"api_key": "sk-secret", "voices": ("bella",), "language": "en", **about}
        server = SpeechServer("attic", dialect.name, f"{self.remote.address}{path}", **told)
        traffic = Traffic(self.store, "attic", ServerLimits(max_concurrent=4))
        self.made.append(RemoteSpeech(dialect, [(server, traffic)], Timeouts(5, silence, 30, 0, doubt=0.1)))
        return self.made[-1]


async def spoken(engine: RemoteSpeech, text: str = TEXT, voice: str = "bella", speed: float = 1.0) -> bytes:
    async with aclosing(engine.speak(text, voice, speed)) as speech:
        return b"".join([pcm async for pcm in speech])
