"""Who wants to know which jobs change?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection

from ttsqueue.providers.listener import Listener

PAUSE = 0.01
"""Seconds in which many changes become one item."""


class _Watcher:
    """One subscriber: the changes it has not taken yet, as a set, however slow it is."""

    def __init__(self) -> None:
        self._changed: set[str] = set()
        self._missed = False
        self._awake = asyncio.Event()
        self._ended = False

    def tell(self, job_ids: Collection[str]) -> None:
        self._changed.update(job_ids)
        self._awake.set()

    def look_again(self) -> None:
        self._missed = True
        self._awake.set()

    def end(self) -> None:
        self._ended = True
        self._awake.set()

    async def take(self) -> frozenset[str] | None:
        """None when the provider closes; empty when changes went by unseen."""
        await self._awake.wait()
        if not self._ended:
            await asyncio.sleep(PAUSE)
        self._awake.clear()
        if self._ended:
            return None
        if self._missed:
            self._missed = False
            if self._changed:
                self._awake.set()
            return frozenset()
        changed, self._changed = frozenset(self._changed), set()
        return changed


class Watching:
    """The subscribers of one provider."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._watchers: set[_Watcher] = set()

    @property
    def is_watched(self) -> bool:
        return bool(self._watchers)

    def tell(self, job_ids: Collection[str]) -> None:
        if job_ids:
            for watcher in self._watchers:
                watcher.tell(job_ids)

    def look_again(self) -> None:
        """Changes went by, and nobody knows of which jobs."""
        for watcher in self._watchers:
            watcher.look_again()

    async def changes(self) -> AsyncGenerator[frozenset[str], None]:
        watcher = _Watcher()
        self._watchers.add(watcher)
        try:
            await self._listener.start()
            yield frozenset()
            while (changed := await watcher.take()) is not None:
                yield changed
        finally:
            self._watchers.discard(watcher)

    def end(self) -> None:
        for watcher in self._watchers:
            watcher.end()
