"""What the TTS servers ask for a text. Values only."""

from __future__ import annotations

from dataclasses import dataclass

from ttsqueue.servers.server import PRICE, SpeechServer

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class PriceList:
    """In the currency of servers.toml. Where several servers have a voice, any may be called: the dearest counts."""

    servers: tuple[SpeechServer, ...] = ()

    def serves(self, voice_id: str) -> bool:
        """Whether a TTS server speaks in the voice `engine:voice`, for money or not."""
        return bool(self._servers_of(voice_id))

    def per_million(self, voice_id: str) -> float | None:
        """For a million characters; None when nobody asks for money, or when what they ask is unknown."""
        prices = (server.price_per_million_characters for server in self._servers_of(voice_id))
        return max(filter(None, prices), default=None)

    def cost(self, voice_id: str, characters: int) -> float | None:
        """None as above."""
        return cost_of(characters, self.per_million(voice_id))

    def unknown(self, voice_id: str) -> str | None:
        """A sentence, when somebody may send a bill and what they ask is unknown."""
        names = [server.name for server in self._servers_of(voice_id) if server.is_unpriced]
        return _unknown(names[0]) if names else None

    def _servers_of(self, voice_id: str) -> list[SpeechServer]:
        engine, _, voice = voice_id.partition(":")
        return [
            server
            for server in self.servers
            if server.engine == engine and (not server.voices or voice in server.voices)
        ]


def cost_of(characters: int, per_million: float | None) -> float | None:
    """None at no price."""
    return None if per_million is None else per_million * characters / _MILLION


def _unknown(name: str) -> str:
    return (
        f"The TTS server {name} may cost money, since it wants a key, and how much is unknown: "
        f"its {PRICE} is missing in servers.toml (0: it costs nothing)."
    )


def money(amount: float) -> str:
    """`4.10`; small sums keep two digits that say something."""
    return f"{amount:,.2f}" if amount >= 0.1 or amount == 0 else f"{amount:.2g}"
