"""Which jobs change, in this process or another? Looked up in the file, and only while somebody asks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from ttsqueue.errors import StoreUnavailable
from ttsqueue.providers.sqlite.lane import Lane
from ttsqueue.providers.sqlite.snapshot import Snapshot

POLL = 0.05
"""Seconds between looks at what other processes did."""

PAUSE = 0.01
"""Seconds in which many commits become one item."""


class Polling:
    """Calls `tell(job ids)`, which says whether anybody wants to hear more."""

    def __init__(self, reader: Lane[Snapshot], tell: Callable[[frozenset[str]], bool]) -> None:
        self._reader = reader
        self._tell = tell
        self._poller: asyncio.Task[None] | None = None
        self._hint = asyncio.Event()
        self._seen = 0

    def look(self) -> None:
        """This process has committed something."""
        self._hint.set()

    async def start(self) -> None:
        """Back when whatever is written from now on will be looked for."""
        if not self._runs:
            seen = await self._reader.run(_latest)
            if not self._runs:  # another may have started it while we read
                self._seen = seen
                self._poller = asyncio.create_task(self._poll())

    async def aclose(self) -> None:
        poller, self._poller = self._poller, None
        if poller is not None:
            poller.cancel()
            with suppress(asyncio.CancelledError):
                await poller

    @property
    def _runs(self) -> bool:
        return self._poller is not None and not self._poller.done()

    async def _poll(self) -> None:
        while self._tell(await self._news()):
            pass

    async def _news(self) -> frozenset[str]:
        await asyncio.sleep(PAUSE)
        with suppress(TimeoutError):
            async with asyncio.timeout(POLL):
                await self._hint.wait()
        self._hint.clear()
        with suppress(StoreUnavailable):  # nothing is missed: the next look starts where this one did
            return await self._read()
        return frozenset()

    async def _read(self) -> frozenset[str]:
        seen = self._seen
        rows = await self._reader.run(lambda snapshot: snapshot.all("changes_since", {"seen": seen}))
        if rows:
            self._seen = max(row["number"] for row in rows)
        return frozenset(row["id"] for row in rows)


def _latest(snapshot: Snapshot) -> int:
    row = snapshot.one("counter", {})
    return int(row[0]) if row else 0
