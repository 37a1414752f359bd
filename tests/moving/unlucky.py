"""Real stores at bad moments: an answer is lost, or others come in between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, cast

from ttsqueue.errors import StoreUnavailable
from ttsqueue.listing import QueueStats
from ttsqueue.provider import QueueProvider

STEPS = ("take_out", "departed", "departing", "arrive", "gone", "close_arrivals", "come_back")
"""The calls of which a move is made."""


class Unlucky:
    """Passes every call on. The first answer to each step, asked for the same thing, is lost."""

    def __init__(self, provider: QueueProvider) -> None:
        self.lost: Counter[str] = Counter()
        self._provider = provider
        self._asked: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._provider, name)
        return self._losing(name, call) if name in STEPS else call

    def _losing(self, name: str, call: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[object]]:
        async def ask(*arguments: object) -> object:
            answer = await call(*arguments)
            asked = f"{name}{arguments}"
            if asked in self._asked:
                return answer
            self._asked.add(asked)
            self.lost[name] += 1
            raise StoreUnavailable("The line was cut.")

        return ask


def unlucky(provider: QueueProvider) -> tuple[QueueProvider, Counter[str]]:
    """And how many answers to what it has lost."""
    store = Unlucky(provider)
    return cast("QueueProvider", store), store.lost


class Busy:
    """Passes every call on; before the first `stats`, others do something."""

    def __init__(self, provider: QueueProvider, others: Callable[[], Awaitable[None]]) -> None:
        self._provider = provider
        self._others: Callable[[], Awaitable[None]] | None = others

    def __getattr__(self, name: str) -> Any:
        return getattr(self._provider, name)

    async def stats(self) -> QueueStats:
        others, self._others = self._others, None
        if others is not None:
            await others()
        return await self._provider.stats()


def busy(provider: QueueProvider, others: Callable[[], Awaitable[None]]) -> QueueProvider:
    return cast("QueueProvider", Busy(provider, others))
