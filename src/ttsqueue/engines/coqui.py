"""Coqui's own server (`tts-server`), whose `GET /api/tts` answers with WAV."""

from __future__ import annotations

from ttsqueue.engines.dialect import Wish
from ttsqueue.servers.server import SpeechServer


class CoquiDialect:
    """The text goes into the address, and servers take 64 kB of that; one call at a time; no speed. Which languages
    there are depends on the model: YourTTS has `fr-fr` and `pt-br`, XTTS `fr`, `pt` and `zh-cn` (their config.json).
    Any other is answered with 500.
    """

    name = "coqui"
    max_characters = 500
    speeds = (1.0, 1.0)

    def pcm_rate(self, server: SpeechServer) -> int | None:  # noqa: ARG002 - it has nothing but WAV
        return None

    def voices(self, server: SpeechServer) -> tuple[str, ...]:
        """A model with one speaker goes by the name of its server."""
        return server.voices or (server.name,)

    def wish(self, server: SpeechServer, text: str, voice: str, speed: float) -> Wish:  # noqa: ARG002 - it has none
        parameters = {"text": text, "speaker_id": voice, "language_id": server.language_of(voice).lower()}
        if not server.voices:
            del parameters["speaker_id"]
        key = {"Authorization": f"Bearer {server.api_key}"} if server.api_key else {}
        return Wish("GET", f"{server.url}/api/tts", key, parameters)
