"""ElevenLabs: `POST /v1/text-to-speech/{voice_id}/stream`."""

from __future__ import annotations

from urllib.parse import quote

from ttsqueue.engines.dialect import Wish
from ttsqueue.servers.server import SpeechServer

_MODEL = "eleven_multilingual_v2"
_PCM_RATE = 24_000


class ElevenLabsDialect:
    """10,000 to 40,000 characters, by model; the model hears which of some 30 languages a text is in."""

    name = "elevenlabs"
    max_characters = 1000
    speeds = (0.7, 1.2)

    def pcm_rate(self, server: SpeechServer) -> int | None:  # noqa: ARG002 - it is part of each wish
        return _PCM_RATE

    def voices(self, server: SpeechServer) -> tuple[str, ...]:
        return server.voices

    def wish(self, server: SpeechServer, text: str, voice: str, speed: float) -> Wish:
        wanted: dict[str, object] = {"text": text, "model_id": server.model or _MODEL}
        if speed != 1.0:  # else the settings that the voice has there remain untouched
            wanted["voice_settings"] = {"speed": speed}
        return Wish(
            "POST",
            f"{server.url}/text-to-speech/{quote(voice, safe='')}/stream",
            {"xi-api-key": server.api_key},
            {"output_format": f"pcm_{_PCM_RATE}"},
            wanted,
        )
