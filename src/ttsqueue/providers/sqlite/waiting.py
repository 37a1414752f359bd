"""Sleeping until there may be work, in this process or another."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial

from ttsqueue.errors import StoreUnavailable
from ttsqueue.providers.sqlite.doorbell import Doorbell
from ttsqueue.providers.sqlite.lane import Lane
from ttsqueue.providers.sqlite.snapshot import Snapshot
from ttsqueue.providers.sqlite.transaction import Transaction

DEAF_POLL = 0.5
"""Seconds between looks where no socket can be had."""


class Waiting:
    """The sleepers of one provider. The doorbell is hung at the first sleep."""

    def __init__(self, writer: Lane[Transaction], reader: Lane[Snapshot]) -> None:
        self._writer = writer
        self._reader = reader
        self._news = asyncio.Event()
        self._started = False
        self._bell: Doorbell | None = None

    async def wait(self, timeout: float) -> None:
        if not self._started:
            self._started = True
            await self._hang_doorbell()
            return  # what happened before the bell hung was not heard
        try:
            async with asyncio.timeout(timeout if self._bell else min(timeout, DEAF_POLL)):
                await self._news.wait()
        except TimeoutError:
            await self._check_doorbell()
        self._news.clear()

    async def aclose(self) -> None:
        self._news.set()
        if self._bell is not None:
            with suppress(StoreUnavailable):
                await self._writer.run(partial(_strike_off, path=str(self._bell.path)))
            self._take_down()

    async def _hang_doorbell(self) -> None:
        with suppress(OSError, AttributeError):
            self._bell = Doorbell()
            asyncio.get_running_loop().add_reader(self._bell.fileno(), self._rung)
            await self._writer.run(partial(_list, path=str(self._bell.path)))

    def _rung(self) -> None:
        if self._bell is not None:
            self._bell.silence()
        self._news.set()

    async def _check_doorbell(self) -> None:
        """Someone whose /tmp is not ours could not ring, took us for dead and struck the bell off the list."""
        if self._bell is None:
            return
        if not await self._reader.run(partial(_is_listed, path=str(self._bell.path))):
            self._take_down()

    def _take_down(self) -> None:
        if self._bell is not None:
            asyncio.get_running_loop().remove_reader(self._bell.fileno())
            self._bell.take_down()
            self._bell = None


def _list(transaction: Transaction, path: str) -> None:
    transaction.run("add_doorbell", {"path": path})


def _strike_off(transaction: Transaction, path: str) -> None:
    transaction.run("remove_doorbell", {"path": path})


def _is_listed(snapshot: Snapshot, path: str) -> bool:
    return snapshot.one("has_doorbell", {"path": path}) is not None
