"""Jobs that stand under a worker's name and do not run there."""

from __future__ import annotations

from collections.abc import Collection
from time import monotonic

from ttsqueue.jobs import Lease
from ttsqueue.queue import TTSQueue
from ttsqueue.worker.log import log

LOOK_EVERY = 60.0
"""Seconds. What a crash, or a switch to a replica that lagged, takes back of a store is younger than that."""

UNREAD = "The worker could not read this book from the job store."
FORGOTTEN = "The job store has forgotten how this attempt ended."


class Strays:
    """A claim that failed half way leaves such a job, and so does a store that has lost its last seconds."""

    def __init__(self, queue: TTSQueue) -> None:
        self._queue = queue
        self._doubted: str | None = None
        self._ended = float("-inf")
        self._looked = monotonic()

    def doubt(self, worker: str) -> None:
        """A claim under this name begins."""
        self._doubted = worker

    def trust(self) -> None:
        """It came through whole."""
        self._doubted = None

    def ended(self) -> None:
        """A job did: the store may come to forget it."""
        self._ended = monotonic()

    async def give_back(self, worker: str, running: Collection[Lease]) -> None:
        """When there may be some. No claim may be under way."""
        if self._doubted:
            await self._look(self._doubted, running, UNREAD)
        elif is_due(monotonic(), self._looked, self._ended):
            await self._look(worker, running, FORGOTTEN)

    async def _look(self, worker: str, running: Collection[Lease], reason: str) -> None:
        began = monotonic()
        for claim in await self._queue.provider.claims_of(worker):
            if claim.lease not in running and await self._queue.take_back(claim, reason):
                log.warning("job %s was not running here and was given back: %s", claim.job.id, reason)
        self._looked = began


def is_due(now: float, looked: float, ended: float) -> bool:
    """Whether to look for ends that were forgotten: from time to time, and once more after the last one."""
    return now - looked >= LOOK_EVERY and looked - ended < LOOK_EVERY
