"""Telling other processes what was committed: one NOTIFY for all commits of some milliseconds.

A NOTIFY in each transaction would make all commits of the server queue up behind one another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from uuid import uuid4

from ttsqueue.errors import StoreUnavailable
from ttsqueue.providers.postgres.reader import Reader

PAUSE = 0.005
"""Seconds between two of them."""

_MOST_IDS = 200
"""In one payload, which ends at 8,000 bytes."""


class Announcer:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._changed: dict[str, None] = {}
        self._wakes = False
        self._sender: asyncio.Task[None] | None = None
        self.signature = uuid4().hex[:8]
        """Ends every payload, so that we know our own."""

    def announce(self, job_ids: Sequence[str], wakes: bool) -> None:
        self._changed.update(dict.fromkeys(job_ids))
        self._wakes |= wakes
        if self._sender is None:
            self._sender = asyncio.create_task(self._send())

    def along(self, job_ids: Sequence[str], wakes: bool) -> list[str]:
        """What to announce behind a commit that is sent now. Nothing a moment after the last: announce() tells it."""
        if self._sender is not None:
            return []
        self._sender = asyncio.create_task(self._send(PAUSE))
        return _payloads(job_ids, wakes, self.signature)

    async def aclose(self) -> None:
        """Say what is left to be said."""
        if self._sender is not None:
            await asyncio.wait([self._sender])

    async def _send(self, pause: float = 0) -> None:
        try:
            await asyncio.sleep(pause)
            while self._changed or self._wakes:
                payloads = _payloads(list(self._changed), self._wakes, self.signature)
                self._changed, self._wakes = {}, False
                with suppress(StoreUnavailable):  # who listens there will connect again and look
                    await self._reader.all("notify", {"payloads": payloads})
                await asyncio.sleep(PAUSE)
        finally:
            self._sender = None


def _payloads(ids: Sequence[str], wakes: bool, signature: str) -> list[str]:
    mark = "!" if wakes else ""
    parts = [ids[start : start + _MOST_IDS] for start in range(0, max(len(ids), 1), _MOST_IDS)]
    return [f"{mark}{','.join(part)}@{signature}" for part in parts]
