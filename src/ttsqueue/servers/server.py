"""A TTS server as its operator describes it. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ttsqueue.servers.limits import ServerLimits

PRICE = "price_per_million_characters"
"""How servers.toml calls it."""


@dataclass(frozen=True, slots=True)
class SpeechServer:
    """One `[[server]]` of servers.toml."""

    name: str
    engine: str
    """Whose way of asking it understands: `openai`, `coqui`, `elevenlabs`."""
    url: str
    """Where its API begins, without a slash at the end."""
    api_key: str = field(default="", repr=False)
    voices: tuple[str, ...] = ()
    language: str = "en"
    """BCP 47 tag of what its voices speak best."""
    languages: Mapping[str, str] = field(default_factory=dict)
    """The same of single voices, for which it is another one."""
    model: str = ""
    """Empty: what its engine usually asks for."""
    response_format: str = ""
    """`pcm` or `wav`; empty: what its engine usually asks for."""
    has_speed: bool = True
    """Whether it minds the speed that it is asked for, as far as its engine can."""
    timeout_seconds: float | None = None
    """How long a call may take, of a server that is slower than most."""
    limits: ServerLimits = field(default_factory=ServerLimits)
    price_per_million_characters: float | None = None

    def language_of(self, voice: str) -> str:
        """BCP 47 tag of what that voice speaks best."""
        return self.languages.get(voice, self.language)

    @property
    def may_cost(self) -> bool:
        """It has a price, or a key: whoever asks for a key may send a bill, unless its price is said to be 0."""
        price = self.price_per_million_characters
        return bool(self.api_key) if price is None else price > 0

    @property
    def is_unpriced(self) -> bool:
        """It may send a bill, and nobody can say of how much."""
        return self.may_cost and self.price_per_million_characters is None
