"""How much one user may ask for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from weakref import WeakValueDictionary

from ttsqueue.api.caller import Caller
from ttsqueue.api.open_doors import OpenDoors
from ttsqueue.api.recent_events import RecentEvents
from ttsqueue.errors import LimitReached
from ttsqueue.jobs import JobStatus, NewJob
from ttsqueue.listing import JobFilter
from ttsqueue.queue import TTSQueue

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_SOON = timedelta(minutes=1)

_ACTIVE = frozenset({JobStatus.PENDING, JobStatus.PROCESSING})

_ANONYMOUS_SHARE = 10
"""Who is signed in without an account gets one part of so many."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Checks that raise LimitReached; None stands for no limit. Admins have none.

    Jobs and characters are counted by the store, over all processes, for the user that a job is for. In one process
    a user's jobs are let in one after the other, so that no limit is passed; of several server processes, each may let
    one job in at the same moment where there is room for one. Previews and sockets count in this process alone.
    """

    queue: TTSQueue
    max_active_jobs: int | None = None
    max_characters_per_day: int | None = None
    max_previews_per_hour: int | None = None
    max_sockets: int | None = None
    _previews: RecentEvents = field(default_factory=lambda: RecentEvents(_HOUR))
    _sockets: OpenDoors = field(default_factory=OpenDoors)
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    """By user; only those are there that somebody holds or waits for."""

    async def check_new_job(self, caller: Caller, new: NewJob) -> None:
        """Early, before work that may be in vain; it holds nobody's place. LimitReached."""
        await self._check_active_jobs(caller, new.user_id)
        await self._check_characters(caller, new)

    @asynccontextmanager
    async def new_job(self, caller: Caller, new: NewJob) -> AsyncIterator[None]:
        """Around storing a job. LimitReached."""
        async with self._turn(caller, new.user_id):
            await self.check_new_job(caller, new)
            yield

    @asynccontextmanager
    async def retry(self, caller: Caller, user_id: str) -> AsyncIterator[None]:
        """Around trying a job of this user again; its characters were counted when it was new. LimitReached."""
        async with self._turn(caller, user_id):
            await self._check_active_jobs(caller, user_id)
            yield

    @asynccontextmanager
    async def _turn(self, caller: Caller, user_id: str) -> AsyncIterator[None]:
        """One at a time for each user; who has no limits waits for nobody."""
        if caller.is_admin:
            yield
            return
        async with self._turns.setdefault(user_id, asyncio.Lock()):
            yield

    async def check_preview(self, caller: Caller) -> None:
        """Before a preview is spoken, which then counts. LimitReached."""
        most = _share(caller, self.max_previews_per_hour)
        if most is None or caller.user_id is None:
            return
        wait = self._previews.enter(caller.user_id, most)
        if wait is not None:
            raise LimitReached(f"You may hear {most} previews an hour; try again later.", retry_after=wait)

    @contextmanager
    def socket(self, caller: Caller) -> Iterator[None]:
        """Around a live connection. LimitReached when the caller has too many open."""
        who = caller.user_id
        most = _share(caller, self.max_sockets)
        if most is None or who is None:
            yield
            return
        if self._sockets.number(who) >= most:
            message = f"You may have {most} live connections at once; close another page first."
            raise LimitReached(message, retry_after=_SOON)
        with self._sockets.one(who):
            yield

    async def _check_active_jobs(self, caller: Caller, user_id: str) -> None:
        most = _share(caller, self.max_active_jobs)
        if most is None:
            return
        active = await self.queue.list_jobs(JobFilter(user_id=user_id, statuses=_ACTIVE), limit=most)
        if len(active.jobs) >= most:
            books = "1 book" if most == 1 else f"{most} books"
            message = f"You may have {books} waiting or being spoken; wait for one to finish, or cancel one."
            raise LimitReached(message, retry_after=_SOON)

    async def _check_characters(self, caller: Caller, new: NewJob) -> None:
        most = _share(caller, self.max_characters_per_day)
        if most is None:
            return
        wanted = sum(len(chapter.text) for chapter in new.chapters)
        if wanted > most:
            message = f"This book has {wanted:,} characters and you may hand in {most:,} a day; split it into parts."
            raise LimitReached(message, retry_after=_DAY)
        left = most - await self.queue.get_characters_since(new.user_id, _DAY)
        if wanted > left:
            message = (
                f"This book has {wanted:,} characters and {max(left, 0):,} are left of your {most:,} for 24 hours."
            )
            raise LimitReached(message, retry_after=_HOUR)


def _share(caller: Caller, limit: int | None) -> int | None:
    """What of a limit holds for this caller; None for no limit."""
    if limit is None or caller.is_admin:
        return None
    return max(limit // _ANONYMOUS_SHARE, 1) if caller.is_anonymous else limit
