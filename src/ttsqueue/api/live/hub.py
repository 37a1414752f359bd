"""One per server: listens to the store once, and wakes whoever may see what changed."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import AbstractContextManager, aclosing, suppress

from ttsqueue.api.live.audience import Audience
from ttsqueue.api.live.job_state import JobState, read_state
from ttsqueue.api.live.listener import Interest, Listener
from ttsqueue.api.live.newest import Newest
from ttsqueue.api.live.pace import Pace
from ttsqueue.api.signing import AudioLinks
from ttsqueue.errors import StoreError
from ttsqueue.jobs import Job, JobStatus
from ttsqueue.listing import JobFilter
from ttsqueue.queue import TTSQueue

_log = logging.getLogger(__name__)

SLICE = 50
"""Jobs that are read in one go, so that a flood of changes leaves room for other readers of the store."""

LISTED = 200
"""Jobs of one state with which somebody who listens to many starts."""

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 5.0
"""Seconds between tries while the store does not answer; doubled each time."""


class Hub:
    """Belongs to the event loop that runs it. Without `run` nothing is announced."""

    def __init__(self, queue: TTSQueue, links: AudioLinks) -> None:
        self._queue = queue
        self._audience = Audience()
        self._newest = Newest(lambda job_id: read_state(queue, links, job_id))
        self._pace = Pace()
        self._changed = asyncio.Event()

    def listening(self, interest: Interest) -> AbstractContextManager[Listener]:
        return self._audience.seat(interest)

    async def state(self, job_id: str) -> JobState:
        """The job now. StoreError."""
        return await self._newest.get(job_id)

    async def current(self, interest: Interest) -> list[str]:
        """With which jobs a listener starts: those being spoken, those waiting, then the newest of any state.

        The last ones are for somebody who comes back: what ended meanwhile is among them. StoreError.
        """
        found = [interest.job_id] if interest.job_id is not None else await self._listed(interest.user_id)
        self._newest.forget(found)  # whoever has just written sees it, even if we have not heard of it yet
        return found

    def deleted(self, job: Job) -> None:
        """This process has deleted the job. A store may not tell, and afterwards nobody knows whose it was."""
        self._newest.forget((job.id,))
        self._audience.tell(job.id, job.user_id)

    def end(self) -> None:
        """The server stops: every connection ends now."""
        for listener in self._audience.everyone():
            listener.end()

    async def _listed(self, user_id: str | None) -> list[str]:
        found: dict[str, None] = {}
        for statuses in (frozenset({JobStatus.PROCESSING}), frozenset({JobStatus.PENDING}), None):
            page = await self._queue.list_jobs(JobFilter(user_id, statuses=statuses), LISTED)
            found.update((job.id, None) for job in page.jobs)
        return list(found)

    async def run(self) -> None:
        """Until cancelled; an error of the store only makes it pause."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            group.create_task(self._announce())

    async def _listen(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            try:
                async with aclosing(self._queue.provider.changes()) as changes:
                    async for changed in changes:
                        self._take_in(changed)
                        pause = _FIRST_PAUSE
            except StoreError as error:
                _log.warning("live events pause: %s", error)
            except Exception:  # silence with heartbeats would be worse than a repeated fault
                _log.exception("live events pause")
            self._newest.distrust()
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _take_in(self, changed: frozenset[str]) -> None:
        if not changed:  # it listens now; what happened before went by unseen
            self._newest.trust()
            for listener in self._audience.everyone():
                listener.start_anew()
            return
        self._newest.forget(changed)
        self._pace.add(job_id for job_id in changed if self._audience.may_care(job_id))
        self._changed.set()

    async def _announce(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pace.wait(time.monotonic())):
                    await self._changed.wait()
                    self._changed.clear()
            ready = self._pace.take(time.monotonic(), SLICE)
            await asyncio.gather(*(self._announce_one(job_id) for job_id in ready))

    async def _announce_one(self, job_id: str) -> None:
        try:
            state = await self._newest.get(job_id)
        except StoreError:
            await asyncio.sleep(_FIRST_PAUSE)
            self._pace.add((job_id,))
        except Exception:  # one job that cannot be shown must not silence all others
            _log.exception("the change of a job cannot be announced")
        else:
            self._audience.tell(job_id, None if state.job is None else state.job.user_id)
