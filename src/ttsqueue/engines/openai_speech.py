"""Servers with OpenAI's `POST /v1/audio/speech`: OpenAI, Kokoro-FastAPI, LocalAI, Speaches."""

from __future__ import annotations

from ttsqueue.engines.dialect import Wish
from ttsqueue.servers.server import SpeechServer

_MODEL = "tts-1"
_PCM, _WAV = "pcm", "wav"
_PCM_RATE = 24_000
"""Of OpenAI's `pcm`. A server with another one must be asked for `wav`."""


class OpenAIDialect:
    """OpenAI takes 4096 characters, and its voices speak some 50 languages."""

    name = "openai"
    max_characters = 1000
    speeds = (0.25, 4.0)

    def pcm_rate(self, server: SpeechServer) -> int | None:
        return None if server.response_format == _WAV else _PCM_RATE

    def voices(self, server: SpeechServer) -> tuple[str, ...]:
        return server.voices

    def wish(self, server: SpeechServer, text: str, voice: str, speed: float) -> Wish:
        wanted = {
            "model": server.model or _MODEL,
            "input": text,
            "voice": voice,
            "speed": speed,
            "response_format": server.response_format or _PCM,
        }
        key = {"Authorization": f"Bearer {server.api_key}"} if server.api_key else {}
        return Wish("POST", f"{server.url}/audio/speech", key, body=wanted)
