"""Who wants to know which jobs change? One poller for all of them, and only while somebody asks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

from ttsqueue.errors import StoreUnavailable
from ttsqueue.providers.sqlite.lane import Lane
from ttsqueue.providers.sqlite.snapshot import Snapshot

POLL = 0.05
"""Seconds between looks at what other processes did."""

PAUSE = 0.01
"""Seconds in which many commits become one item."""


class _Watcher:
    """One subscriber: the changes it has not taken yet, as a set, however slow it is."""

    def __init__(self) -> None:
        self._changed: set[str] = set()
        self._awake = asyncio.Event()
        self._ended = False

    def tell(self, job_ids: frozenset[str]) -> None:
        self._changed |= job_ids
        self._awake.set()

    def end(self) -> None:
        self._ended = True
        self._awake.set()

    async def take(self) -> frozenset[str] | None:
        """None when the provider closes."""
        await self._awake.wait()
        self._awake.clear()
        if self._ended:
            return None
        changed, self._changed = frozenset(self._changed), set()
        return changed


class Watching:
    """The subscribers of one provider."""

    def __init__(self, reader: Lane[Snapshot]) -> None:
        self._reader = reader
        self._watchers: set[_Watcher] = set()
        self._poller: asyncio.Task[None] | None = None
        self._hint = asyncio.Event()
        self._seen = 0

    @property
    def is_watched(self) -> bool:
        return bool(self._watchers)

    def look(self) -> None:
        """This process has committed something."""
        self._hint.set()

    async def changes(self) -> AsyncGenerator[frozenset[str], None]:
        watcher = _Watcher()
        await self._start()
        self._watchers.add(watcher)
        try:
            yield frozenset()
            while (changed := await watcher.take()) is not None:
                yield changed
        finally:
            self._watchers.discard(watcher)
            if not self._watchers:
                await self._stop()

    async def aclose(self) -> None:
        for watcher in self._watchers:
            watcher.end()
        await self._stop()

    async def _start(self) -> None:
        if self._poller is None:
            seen = await self._reader.run(_latest)
            if self._poller is None:  # another may have started it while we read
                self._seen = seen
                self._poller = asyncio.create_task(self._poll())

    async def _stop(self) -> None:
        poller, self._poller = self._poller, None
        if poller is not None:
            poller.cancel()
            with suppress(asyncio.CancelledError):
                await poller

    async def _poll(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL):
                    await self._hint.wait()
            self._hint.clear()
            with suppress(StoreUnavailable):  # nothing is missed: the next look starts where this one did
                await self._read()
            await asyncio.sleep(PAUSE)

    async def _read(self) -> None:
        seen = self._seen
        rows = await self._reader.run(lambda snapshot: snapshot.all("changes_since", {"seen": seen}))
        if rows:
            self._seen = max(row["number"] for row in rows)
            changed = frozenset(row["id"] for row in rows)
            for watcher in self._watchers:
                watcher.tell(changed)


def _latest(snapshot: Snapshot) -> int:
    row = snapshot.one("counter", {})
    return int(row[0]) if row else 0
