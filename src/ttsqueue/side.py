"""One of two stores between which something moves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from ttsqueue.errors import StoreUnavailable
from ttsqueue.patience import Patience
from ttsqueue.provider import QueueProvider

_FIRST_NAP, _LONGEST_NAP = 0.1, 3.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Side:
    """A store, and what it is called in front of people."""

    provider: QueueProvider
    name: str

    async def patiently(
        self, call: Callable[[], Awaitable[T]], patience: Patience, tell: Callable[[str], None] = lambda _: None
    ) -> T:
        """Make the call, again and again while the store is away and the patience lasts. StoreUnavailable."""
        began, nap = time.monotonic(), _FIRST_NAP
        while True:
            try:
                return await call()
            except StoreUnavailable as error:
                if not patience.lasts(time.monotonic() + nap - began):
                    raise StoreUnavailable(f"{self.name}: {error}") from error
                tell(f"{self.name}: {error} Trying again.")
            await asyncio.sleep(nap)
            nap = min(nap * 2, _LONGEST_NAP)
