"""What keeps a store tidy. Every worker does it; no cron is needed."""

from __future__ import annotations

from datetime import timedelta

from ttsqueue.process_identity import this_process
from ttsqueue.queue import TTSQueue
from ttsqueue.worker.lease_keeper import LeaseKeeper
from ttsqueue.worker.log import log
from ttsqueue.worker.takeover import cleared_away
from ttsqueue.worker.wakefulness import asleep_between, this_moment

_OFTEN = 60.0


class Upkeep:
    """Stuck jobs, workers that are gone, records that have had their day."""

    def __init__(self, queue: TTSQueue, keeper: LeaseKeeper, stuck_after: timedelta, poll_interval: timedelta) -> None:
        self._queue = queue
        self._keeper = keeper
        self._stuck_after = stuck_after
        self._poll_interval = poll_interval
        self._here = this_process()
        self._last_round = this_moment()

    @property
    def period(self) -> float:
        """Seconds between two rounds. Who polls less than once a minute pays for each look, and gets fewer of these."""
        rarely = min(self._poll_interval, self._stuck_after / 2).total_seconds()
        return rarely if rarely > _OFTEN else min(self._stuck_after.total_seconds() / 4, _OFTEN)

    async def round(self) -> None:
        """All of it, once. When the machine has just woken, the others on it come to give a sign of life first."""
        await self._keeper.say_alive()
        if self._has_slept():
            return
        if reset := await self._queue.reset_stuck_jobs():
            log.warning("stuck jobs given back or failed: %d", reset)
        for worker in await self._queue.provider.workers():
            await cleared_away(self._queue, worker, self._here, self._stuck_after)
        await self._queue.provider.prune()

    def _has_slept(self) -> bool:
        """So long that who is alive may seem stuck: heartbeats are at most a third of that apart."""
        before, self._last_round = self._last_round, this_moment()
        return asleep_between(before, self._last_round) >= self._stuck_after.total_seconds() / 3
