"""Tells the store how far a book is, at most once a second and without ever holding up the speech."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Sequence

from ttsqueue.errors import LeaseLost, StoreUnavailable
from ttsqueue.jobs import Progress
from ttsqueue.worker.pace import Pace
from ttsqueue.worker.passages import Passage
from ttsqueue.worker.studio import Reading, Studio

PERIOD = 1.0
"""Seconds between two writes."""


class ProgressReport:
    """How far one book is. `kept` are the indexes of chapters that were finished before."""

    def __init__(self, studio: Studio, reading: Reading, passages: Sequence[Passage], kept: Collection[int]) -> None:
        self._provider = studio.provider
        self._lease = reading.job.lease
        self._total_chapters = len(reading.job.chapters)
        self._spoken = sum(len(passage.text) for passage in passages if passage.index in kept)
        self._pace = Pace(sum(len(passage.text) for passage in passages), self._spoken)
        self._unfinished = [passage.index for passage in passages if passage.index not in kept]
        self._last = passages[-1].index
        self._joining = False
        self._began = time.monotonic()
        self._changed = asyncio.Event()
        self._changed.set()

    def spoken(self, characters: int) -> None:
        """A piece was spoken."""
        self._spoken += characters
        self._changed.set()

    def finished(self, index: int) -> None:
        """A chapter was saved."""
        self._unfinished.remove(index)
        self._changed.set()

    def joining(self) -> None:
        """All chapters are there."""
        self._joining = True
        self._changed.set()

    async def keep_writing(self) -> None:
        """Write whenever something changed, until cancelled or the lease is lost."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                await self._provider.update_progress(self._lease, self._now())
            except StoreUnavailable:
                self._changed.set()
            except LeaseLost:
                return
            await asyncio.sleep(PERIOD)

    def _now(self) -> Progress:
        chapter = min(self._unfinished, default=self._last) + 1
        return Progress(
            percent=self._pace.percent(self._spoken),
            message=self._message(chapter),
            current_chapter=chapter,
            eta_seconds=self._pace.eta(self._spoken, time.monotonic() - self._began),
        )

    def _message(self, chapter: int) -> str:
        total = self._total_chapters
        if self._joining:
            return f"Joining {total} chapter{'s' if total > 1 else ''}"
        return f"Processing chapter {chapter} of {total}"
