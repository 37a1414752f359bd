"""One open file: its writing lane, its two reading lanes, and those who wait for what the writes bring."""

from __future__ import annotations

import asyncio
from pathlib import Path

from ttsqueue.providers.sqlite.announcing import Announcer
from ttsqueue.providers.sqlite.lane import Lane
from ttsqueue.providers.sqlite.polling import Polling
from ttsqueue.providers.sqlite.reader import Reader
from ttsqueue.providers.sqlite.snapshot import Snapshot
from ttsqueue.providers.sqlite.transaction import Transaction
from ttsqueue.providers.sqlite.waiting import Waiting
from ttsqueue.providers.sqlite.writer import Writer
from ttsqueue.providers.watching import Watching


class Store:
    """Belongs to the event loop in which it was made; its threads run until aclose."""

    def __init__(self, path: Path) -> None:
        self._loop = asyncio.get_running_loop()
        self._announcer = Announcer()
        writer = Writer(path, self._before_commit, self._after_commit)
        reader, searcher = Reader(path), Reader(path)
        self.writing: Lane[Transaction] = Lane("ttsqueue-sqlite-writer", writer.serve, writer.close, writer.serve_here)
        self.reading: Lane[Snapshot] = Lane("ttsqueue-sqlite-reader", reader.serve, reader.close)
        self.searching: Lane[Snapshot] = Lane("ttsqueue-sqlite-searcher", searcher.serve, searcher.close)
        """For what takes long, so that nobody else waits for it."""
        self.waiting = Waiting(self.writing, self.reading)
        self._polling = Polling(self.reading, self._tell)
        self.watching = Watching(self._polling)

    async def aclose(self) -> None:
        self.watching.end()
        await self._polling.aclose()
        await self.waiting.aclose()
        await self.reading.aclose()
        await self.searching.aclose()
        await self.writing.aclose()  # last, so that it is the one that tidies up the write-ahead log
        self._announcer.close()

    def _before_commit(self, transaction: Transaction) -> None:
        self._announcer.prepare(transaction)

    def _after_commit(self) -> None:
        self._announcer.announce()
        if self.watching.is_watched:
            self._loop.call_soon_threadsafe(self._polling.look)

    def _tell(self, job_ids: frozenset[str]) -> bool:
        self.watching.tell(job_ids)
        return self.watching.is_watched
