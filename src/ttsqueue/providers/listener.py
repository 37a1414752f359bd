"""What those who wait and those who watch need of a store: somebody who listens."""

from __future__ import annotations

from typing import Protocol


class Listener(Protocol):
    """Hears what other processes write."""

    async def start(self) -> None:
        """Back when whatever is written from now on will be heard, or looked for."""
