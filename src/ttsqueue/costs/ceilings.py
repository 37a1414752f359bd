"""How much may be spent in a day. Values only."""

from __future__ import annotations

from dataclasses import dataclass

from ttsqueue.costs.price_list import PriceList
from ttsqueue.errors import SettingsError
from ttsqueue.servers.server import PRICE


@dataclass(frozen=True, slots=True)
class Ceilings:
    """In the currency of servers.toml; None is no ceiling."""

    per_user: float | None = None
    together: float | None = None

    def check(self, prices: PriceList) -> None:
        """SettingsError where one is set, and a server may send bills that nobody can count."""
        unpriced = next((server for server in prices.servers if server.is_unpriced), None)
        if self != Ceilings() and unpriced is not None:
            setting = "TTSQUEUE_MAX_COST_PER_DAY" + ("" if self.per_user else "_TOGETHER")
            raise SettingsError(
                f"{setting} cannot hold: the TTS server {unpriced.name} has a key and no price. "
                f"Set its {PRICE} in servers.toml; 0 says that it costs nothing."
            )
