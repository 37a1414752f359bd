"""One open database: the lane that writes, the pool that reads, and those who wait for what the writes bring."""

from __future__ import annotations

from collections.abc import Collection

from ttsqueue.providers.postgres.lane import Lane
from ttsqueue.providers.postgres.listening import Listening
from ttsqueue.providers.postgres.migrate import migrate
from ttsqueue.providers.postgres.reader import Reader
from ttsqueue.providers.waiting import Waiting
from ttsqueue.providers.watching import Watching


class Store:
    """Belongs to the event loop in which it was made."""

    def __init__(self, url: str) -> None:
        self.reader = Reader(url)
        self.writing = Lane(url, self._heard)
        self._listening = Listening(url, self.reader, self.writing.signature, self._heard)
        self.waiting = Waiting(self._listening)
        self.watching = Watching(self._listening)

    async def open(self) -> None:
        """StoreUnavailable, StoreTooNew."""
        await migrate(await self.writing.open())
        await self.reader.open()

    async def aclose(self) -> None:
        self.watching.end()
        self.waiting.end()
        await self.writing.aclose()
        await self._listening.aclose()
        await self.reader.aclose()

    async def hears(self) -> bool:
        """Whether what others commit is told to us; else we look."""
        return await self._listening.hears()

    def _heard(self, job_ids: Collection[str], wakes: bool) -> None:
        self.watching.tell(job_ids)
        if wakes:
            self.waiting.wake()
