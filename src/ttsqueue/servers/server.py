"""A TTS server as its operator describes it. Values only."""

from __future__ import annotations

from dataclasses import dataclass, field

from ttsqueue.servers.limits import ServerLimits


@dataclass(frozen=True, slots=True)
class SpeechServer:
    """One `[[server]]` of servers.toml."""

    name: str
    engine: str
    """Whose way of asking it understands: `openai`."""
    url: str
    """Where its API begins, without a slash at the end."""
    api_key: str = field(default="", repr=False)
    voices: tuple[str, ...] = ()
    language: str = "en"
    """BCP 47 tag of what its voices speak best."""
    model: str = "tts-1"
    limits: ServerLimits = field(default_factory=ServerLimits)
    price_per_million_characters: float | None = None
