"""Where a worker's jobs run: as many side by side as it has slots."""

from __future__ import annotations

import asyncio

from ttsqueue.jobs import ClaimedJob
from ttsqueue.queue import Handler, TTSQueue
from ttsqueue.worker.lease_keeper import LeaseKeeper
from ttsqueue.worker.log import log
from ttsqueue.worker.patience import Patience
from ttsqueue.worker.running_job import RunningJob, Stop
from ttsqueue.worker.strays import Strays

PARTING = 3.0
"""Seconds that a stopping worker takes to hand its jobs back. Longer only when the store does not answer."""


class Slots:
    """Claims only as many jobs as there are free slots."""

    def __init__(self, queue: TTSQueue, handler: Handler, number: int, keeper: LeaseKeeper, patience: Patience) -> None:
        self._queue = queue
        self._handler = handler
        self._number = number
        self._keeper = keeper
        self._patience = patience
        self._running: dict[asyncio.Task[None], RunningJob] = {}
        self._freed = asyncio.Event()
        self._strays = Strays(queue)

    async def free(self) -> None:
        """Wait until a slot is free.

        That is when its handler has ended: how the attempt ended is written down together with the next claim.
        """
        while self._busy() >= self._number:
            self._freed.clear()
            await self._freed.wait()

    async def claim(self, worker: str) -> int:
        """Fill the free slots as far as there are jobs; returns how many were started."""
        await self._strays.give_back(worker, {running.job.lease for running in self._running.values()})
        self._strays.doubt(worker)
        jobs = await self._queue.claim_jobs(worker, self._number - self._busy())
        for job in jobs:
            self._start(job, worker)
        self._strays.trust()
        return len(jobs)

    async def give_back(self) -> None:
        """Stop every handler and hand its job back."""
        for job in self._running.values():
            job.stop(Stop.HAND_BACK)
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=PARTING)
            for task in late:
                log.error("job %s could not be handed back", self._running[task].job.id)
                task.cancel()

    def _busy(self) -> int:
        return sum(job.is_at_work for job in self._running.values())

    def _start(self, job: ClaimedJob, worker: str) -> None:
        log.info("%s claimed job %s, attempt %d of %d", worker, job.id, job.job.attempts, job.job.max_attempts)
        running = RunningJob(self._queue, self._handler, job, self._patience, self._freed.set)
        self._keeper.keep(job.lease, lambda: running.stop(Stop.LOST))
        task = asyncio.create_task(running.run())
        self._running[task] = running
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._keeper.release(self._running.pop(task).job.lease)
        self._strays.ended()
        self._freed.set()
