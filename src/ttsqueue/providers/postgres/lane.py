"""Group commit: every write that waits goes to the server in one round trip and one commit, over one connection."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from itertools import groupby
from typing import TypeVar

import psycopg

from ttsqueue.errors import StoreUnavailable
from ttsqueue.providers.portion import next_portion
from ttsqueue.providers.postgres.announcing import Announcer
from ttsqueue.providers.postgres.batch import Batch, Part, fused, may_be_fused
from ttsqueue.providers.postgres.connection import Connection, connect, connect_patiently, was_cut
from ttsqueue.providers.postgres.faults import TRY_AGAIN, explained
from ttsqueue.providers.postgres.operation import Errand, Operation
from ttsqueue.providers.postgres.wire import Wire

LARGEST_BATCH = 64
"""More would make the first of them wait too long."""

LONGEST_GOODBYE = 30.0
"""Seconds for which a commit may hold up closing; a server that waits for a standby would do so for ever."""

_MOST_TRIES = 8

_STAGES = {"add_jobs": 0, "complete_jobs": 2}

T = TypeVar("T")


class Lane:
    """Belongs to the event loop in which it was made."""

    def __init__(self, url: str, hear: Callable[[Sequence[str], bool], None]) -> None:
        """`hear` gets in this process what is announced to the others."""
        self._url = url
        self._announcer = Announcer(self._begin)
        self._hear = hear
        self._waiting: deque[Errand] = deque()
        self._server: asyncio.Task[None] | None = None
        self._wire: Wire | None = None
        self._pid = os.getpid()
        self._closed = False

    async def open(self) -> Connection:
        """StoreUnavailable."""
        self._wire = Wire(await connect(self._url))
        return self._wire.connection

    def run(self, operation: Operation[T]) -> asyncio.Future[T]:
        """Queue it at once; the future brings its result. A caller that goes away does not stop it."""
        if self._closed:
            raise StoreUnavailable("The job store is closed; open it before using it.")
        if os.getpid() != self._pid:
            raise StoreUnavailable("This process was forked after the job store was opened; open a new one in it.")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(Errand(operation, future))
        self._begin()
        return future

    @property
    def signature(self) -> str:
        """Ends what this process announces."""
        return self._announcer.signature

    async def aclose(self) -> None:
        """Commit what waits and say what is to be said, then let go of the connection."""
        self._closed = True
        if self._server is not None:
            done, _ = await asyncio.wait([self._server], timeout=LONGEST_GOODBYE)
            if not done:
                await self._hurry()
        if calls := self._announcer.left():
            await self._announce(calls)
        await self._let_go()

    async def _hurry(self) -> None:
        """What the server still works on ends now, one way or the other."""
        if self._wire is not None:
            with suppress(psycopg.Error):
                await self._wire.connection.cancel_safe(timeout=LONGEST_GOODBYE)
        if self._server is not None:
            await asyncio.wait([self._server], timeout=LONGEST_GOODBYE)

    def _begin(self) -> None:
        if self._server is None:
            self._server = asyncio.create_task(self._serve())

    async def _serve(self) -> None:
        try:
            while self._waiting or self._announcer.is_due:
                if self._waiting:
                    await self._commit_or_split(next_portion(self._waiting, _weight, LARGEST_BATCH))
                else:
                    await self._announce(self._announcer.left())
        finally:
            self._server = None

    async def _commit_or_split(self, group: Sequence[Errand]) -> None:
        """All together; when that fails, each alone, so that one cannot spoil the others."""
        try:
            await self._commit(group)
        except Exception as error:
            if _is_lost(error) or len(group) == 1:
                await self._give_up(group, error)
            else:
                for errand in group:
                    await self._commit_alone(errand)

    async def _commit_alone(self, errand: Errand) -> None:
        try:
            await self._commit([errand])
        except Exception as error:
            await self._give_up([errand], error)

    async def _commit(self, group: Sequence[Errand]) -> None:
        known = [job_id for errand in group for job_id in errand.operation.job_ids]
        wakes = any(errand.operation.wakes for errand in group)
        for tries_left in reversed(range(_MOST_TRIES)):
            try:
                wire = await self._connected()
                calls = self._announcer.along(known, wakes) if known else []
                batch = Batch(wire, _together(group), calls)
                await batch.commit()
                break
            except psycopg.errors.AdminShutdown:  # somebody ended the session before it could commit
                await self._let_go()
                if not tries_left:
                    raise
            except psycopg.Error as error:
                if not tries_left or len(group) > 1 or error.sqlstate not in TRY_AGAIN:
                    raise
        self._tell(group, known if calls else ())
        self._answer(group)
        await self._see_announced(batch, known, wakes)

    async def _announce(self, calls: Sequence[str]) -> None:
        """Behind no commit. Who listens will look by himself if this fails."""
        try:
            batch = Batch(await self._connected(), (), calls)
            await batch.commit()
            await batch.announced()
        except (psycopg.Error, StoreUnavailable) as error:
            if _is_lost(error):
                await self._let_go()

    async def _see_announced(self, batch: Batch, job_ids: Sequence[str], wakes: bool) -> None:
        """The callers have their answers, and go on meanwhile."""
        try:
            await batch.announced()
        except psycopg.Error as error:
            if _is_lost(error):
                await self._let_go()
            self._announcer.announce(job_ids, wakes)

    async def _connected(self) -> Wire:
        if self._wire is not None and was_cut(self._wire.connection):
            await self._let_go()
        if self._wire is None:
            self._wire = Wire(await connect_patiently(self._url))
        return self._wire

    async def _let_go(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            await wire.connection.close()

    async def _give_up(self, group: Sequence[Errand], error: Exception) -> None:
        if _is_lost(error):
            await self._let_go()
        for errand in group:
            errand.result, errand.error = None, explained(error)
        self._answer(group)

    def _tell(self, group: Sequence[Errand], told: Collection[str]) -> None:
        """Here at once; elsewhere what was not announced behind the commit."""
        done = [errand for errand in group if errand.error is None]
        changed = [job_id for errand in done for job_id in errand.operation.changed(errand.result)]
        wakes = any(errand.operation.wakes for errand in done)
        if changed or wakes:
            self._hear(changed, wakes)
        already = frozenset(told)
        untold = [job_id for job_id in changed if job_id not in already]
        if untold or (wakes and not told):
            self._announcer.announce(untold, wakes and not told)

    def _answer(self, group: Sequence[Errand]) -> None:
        for errand in group:
            if errand.future.done():
                continue
            if errand.error is None:
                errand.future.set_result(errand.result)
            else:
                errand.future.set_exception(errand.error)


def _weight(errand: Errand) -> int:
    return errand.operation.weight


def _together(group: Sequence[Errand]) -> list[Part]:
    """New jobs go first and completed ones last, each kind in one statement; nobody knows of the others yet."""
    in_stages = sorted(group, key=lambda errand: _STAGES.get(errand.operation.for_many or "", 1))
    parts: list[Part] = []
    for for_many, run in groupby(in_stages, lambda errand: errand.operation.for_many):
        errands = list(run)
        if for_many is not None and may_be_fused(errands):
            parts.append(fused(for_many, errands))
        else:
            parts += [Part(errand.operation.statements, [errand]) for errand in errands]
    return parts


def _is_lost(error: Exception) -> bool:
    """Whether a new connection is needed, rather than a statement refused."""
    if not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError | psycopg.errors.ReadOnlySqlTransaction):
        return isinstance(error, StoreUnavailable)
    # A server that takes no writes any more is a standby now: another one is primary.
    return error.sqlstate is None or error.sqlstate.startswith(("08", "57P", "25006"))
