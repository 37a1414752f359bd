"""Sleeping until there may be work, in this process or another."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from ttsqueue.providers.listener import Listener


class Waiting:
    """The sleepers of one provider."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._news = asyncio.Event()
        self._started = False
        self._closed = False

    def wake(self) -> None:
        self._news.set()

    async def wait(self, timeout: float) -> None:
        if not self._started:
            self._started = True
            await self._listener.start()
            return  # what happened before was not heard
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._news.wait()
        if not self._closed:
            self._news.clear()

    def end(self) -> None:
        self._closed = True
        self._news.set()
