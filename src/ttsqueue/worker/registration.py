"""A worker's row: its name, its sign of life."""

from __future__ import annotations

import socket
from importlib.metadata import PackageNotFoundError, version
from itertools import count
from uuid import uuid4

from ttsqueue.errors import WorkerNameTaken
from ttsqueue.process_identity import this_process
from ttsqueue.queue import TTSQueue
from ttsqueue.worker.log import log
from ttsqueue.worker.options import WorkerOptions
from ttsqueue.worker.takeover import cleared_away
from ttsqueue.workers import Worker


class Registration:
    """Registers under the wanted name, or as `NAME#2`, `NAME#3`... while that one is in use."""

    def __init__(self, queue: TTSQueue, options: WorkerOptions) -> None:
        self._queue = queue
        self._options = options
        self._wanted = options.name or socket.gethostname()
        self._instance = uuid4().hex
        self._process = this_process()
        self.name = self._wanted

    async def enter(self) -> None:
        """Register. A name whose process is gone is taken over, its jobs go back at once."""
        for number in count(1):
            self.name = self._wanted if number == 1 else f"{self._wanted}#{number}"
            if await self._entered():
                break
        if self.name != self._wanted:
            log.warning(
                "a worker named %s is at work already; this one is %s. Give each its own WORKER_ID.",
                self._wanted,
                self.name,
            )

    async def say_alive(self) -> None:
        """The worker's own heartbeat; registers again when others took us for gone."""
        if not await self._queue.provider.worker_alive(self._instance):
            log.warning("%s was struck off as silent and registers again", self.name)
            await self.enter()

    async def leave(self) -> None:
        """Strike ourselves off. What could not be handed back is given back first."""
        if await self._queue.provider.worker_alive(self._instance):
            await self._queue.release_worker(self.name)
            await self._queue.provider.remove_worker(self._instance)

    async def _entered(self) -> bool:
        """False when a live worker has the name."""
        provider = self._queue.provider
        while True:
            try:
                await provider.register_worker(self._row())
            except WorkerNameTaken:
                holder = next((worker for worker in await provider.workers() if worker.name == self.name), None)
            else:
                return True
            if holder is None:
                continue
            if holder.instance == self._instance:
                return True  # an earlier try was stored, though its answer was lost
            if not await cleared_away(self._queue, holder, self._process, self._options.stuck_after):
                return False

    def _row(self) -> Worker:
        return Worker(self.name, self._instance, self._process, _version(), self._options.slots)


def _version() -> str:
    try:
        return version("ttsqueue")
    except PackageNotFoundError:
        return "unknown"
