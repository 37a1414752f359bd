"""Hearing what others commit: one listening connection per process, from the first who wants to know."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import psycopg

from ttsqueue.errors import StoreUnavailable
from ttsqueue.providers.postgres.connection import Connection, connect, is_pooled, may_listen
from ttsqueue.providers.postgres.reader import Reader

DEAF_POLL = 0.5
"""Seconds between looks where nothing can be heard."""

SAFETY_POLL = 5.0
"""Seconds between looks where all is heard: who commits and dies tells nobody."""

_PROOF, _PROOF_BEHIND_POOLER = 2.0, 0.5
"""Seconds within which a listener must hear its own call. Behind a pooler it is likely not to, and others wait."""

_OVERLAP = 2.0
"""Seconds further back than needed: a commit may come after the time that is written in its rows."""


class Listening:
    """Calls `hear(job ids, whether there may be work)` for every announcement but our own."""

    def __init__(self, url: str, reader: Reader, signature: str, hear: Callable[[frozenset[str], bool], None]) -> None:
        self._url = url
        self._reader = reader
        self._signature = signature
        self._hear = hear
        self._listener: asyncio.Task[None] | None = None
        self._begun = asyncio.Event()
        self._proved = asyncio.Event()
        self._last_heard = time.monotonic()
        self._can_listen = may_listen(url)

    async def start(self) -> None:
        """Back when whatever is announced from now on will be heard, or looked for."""
        if self._listener is None:
            self._listener = asyncio.create_task(self._run())
        await self._begun.wait()

    async def hears(self) -> bool:
        """Whether something can be heard here at all."""
        await self.start()
        await self._proved.wait()
        return self._can_listen

    async def aclose(self) -> None:
        listener, self._listener = self._listener, None
        self._begun.set()
        self._proved.set()
        if listener is not None:
            listener.cancel()
            with suppress(asyncio.CancelledError):
                await listener

    async def _run(self) -> None:
        while True:
            if self._can_listen:
                with suppress(StoreUnavailable, psycopg.Error):
                    await self._listen()
            self._begun.set()
            self._proved.set()
            await asyncio.sleep(DEAF_POLL)
            with suppress(StoreUnavailable):
                await self._look()

    async def _listen(self) -> None:
        async with await connect(self._url) as connection:
            await connection.execute("LISTEN tts_queue")
            if not await self._hears_itself(connection):
                self._can_listen = False
                return
            self._proved.set()
            if self._begun.is_set():
                await self._look()
            self._begun.set()
            while True:
                async for notification in connection.notifies(timeout=SAFETY_POLL):
                    self._understand(notification.payload)
                await self._look()

    async def _hears_itself(self, connection: Connection) -> bool:
        """Not so behind a transaction pooler, which gives the connection that listens to somebody else."""
        call = f"?@{self._signature}"
        await self._reader.all("notify", {"payloads": [call]})
        patience = _PROOF_BEHIND_POOLER if is_pooled(connection) else _PROOF
        async for notification in connection.notifies(timeout=patience):
            if notification.payload == call:
                return True
            self._understand(notification.payload)
        return False

    def _understand(self, payload: str) -> None:
        self._last_heard = time.monotonic()
        news, _, signature = payload.partition("@")
        if signature != self._signature and not news.startswith("?"):
            self._hear(frozenset(filter(None, news.removeprefix("!").split(","))), news.startswith("!"))

    async def _look(self) -> None:
        """What was announced while nobody listened."""
        begin = time.monotonic()
        span = timedelta(seconds=begin - self._last_heard + _OVERLAP)
        changed = await self._reader.all("changed_since", {"span": span})
        self._last_heard = begin
        self._hear(frozenset(str(row["id"]) for row in changed), True)
