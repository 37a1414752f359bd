"""What the TTS servers ask for a text. Values only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ttsqueue.servers.server import SpeechServer

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class PriceList:
    """In the currency of servers.toml. Where several servers have a voice, any may be called: the dearest counts."""

    servers: tuple[SpeechServer, ...] = ()

    def per_million(self, voice_id: str) -> float | None:
        """For a million characters in the voice `engine:voice`; None when nobody asks for money."""
        return max(self._prices(*voice_id.split(":", 1)), default=None)

    def cost(self, voice_id: str, characters: int) -> float | None:
        """None when nobody asks for money."""
        price = self.per_million(voice_id)
        return None if price is None else price * characters / _MILLION

    def _prices(self, engine: str, voice: str = "") -> Iterable[float]:
        for server in self.servers:
            has_it = not server.voices or voice in server.voices
            if server.engine == engine and has_it and server.price_per_million_characters:
                yield server.price_per_million_characters


def money(amount: float) -> str:
    """`4.10`; small sums keep two digits that say something."""
    return f"{amount:,.2f}" if amount >= 0.1 or amount == 0 else f"{amount:.2g}"
