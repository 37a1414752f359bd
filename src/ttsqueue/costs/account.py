"""A note of what was spent. It is replaced only by who has seen its newest state: of many at once, each is counted."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

from ttsqueue.costs.ledger import Charges, charges_of, charges_text
from ttsqueue.provider import QueueProvider

Change = Callable[[Charges, float], Charges | None]
"""(charges, now) -> what they become; None leaves them as they are. What it raises leaves them, too."""


class Account:
    """The note `name`. StoreUnavailable."""

    def __init__(self, store: QueueProvider, name: str) -> None:
        self._store = store
        self._name = name

    async def look(self, check: Callable[[Charges, float], object]) -> None:
        """Look at what stands there; nothing is changed."""
        note = await self._store.note(self._name)
        check(charges_of(note.text), note.read_at.timestamp())

    async def change(self, change: Change) -> Charges | None:
        """What `change` made of it, once nobody was faster."""
        while True:
            note = await self._store.note(self._name)
            now = note.read_at.timestamp()
            before = charges_of(note.text)
            after = change(before, now)
            if after is None or after == before:
                return after
            if await self._store.write_note(self._name, charges_text(after, now), note.version):
                return after
            await asyncio.sleep(random.uniform(0, 0.02))  # noqa: S311 - spreads those who met
