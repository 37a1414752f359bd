"""What keeps a store tidy. Every worker does it; no cron is needed."""

from __future__ import annotations

from datetime import timedelta

from ttsqueue.process_identity import this_process
from ttsqueue.queue import TTSQueue
from ttsqueue.worker.log import log
from ttsqueue.worker.takeover import cleared_away

_OFTEN = 60.0


class Upkeep:
    """Stuck jobs, workers that are gone, records that have had their day."""

    def __init__(self, queue: TTSQueue, stuck_after: timedelta, poll_interval: timedelta) -> None:
        self._queue = queue
        self._stuck_after = stuck_after
        self._poll_interval = poll_interval
        self._here = this_process()

    @property
    def period(self) -> float:
        """Seconds between two rounds. Who polls less than once a minute pays for each look, and gets fewer of these."""
        rarely = min(self._poll_interval, self._stuck_after / 2).total_seconds()
        return rarely if rarely > _OFTEN else min(self._stuck_after.total_seconds() / 4, _OFTEN)

    async def round(self) -> None:
        """All of it, once."""
        if reset := await self._queue.reset_stuck_jobs():
            log.warning("stuck jobs given back or failed: %d", reset)
        for worker in await self._queue.provider.workers():
            await cleared_away(self._queue, worker, self._here, self._stuck_after)
        await self._queue.provider.prune()
