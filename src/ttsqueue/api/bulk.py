"""One action on many jobs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ttsqueue.app import App
from ttsqueue.errors import JobNotFound, StoreError, TTSQueueError
from ttsqueue.jobs import Job, JobStatus
from ttsqueue.listing import JobFilter
from ttsqueue.removal import remove_job

MOST_JOBS = 10_000
"""In one call; who has more calls again."""

_TOGETHER = 100
"""Jobs that are changed side by side, so that the store may commit them in one group."""

_TOLD = 20
"""Refusals that are told in full."""


class Action(StrEnum):
    """What may be done with many jobs."""

    RETRY = "retry"
    CANCEL = "cancel"
    DELETE = "delete"


FITTING: Mapping[Action, frozenset[JobStatus]] = {
    Action.RETRY: frozenset({JobStatus.FAILED, JobStatus.CANCELLED}),
    Action.CANCEL: frozenset(status for status in JobStatus if not status.is_final),
    Action.DELETE: frozenset(status for status in JobStatus if status.is_final),
}
"""The states in which an action makes sense."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A job that stayed as it was, and why."""

    job_id: str
    error: TTSQueueError


@dataclass(slots=True)
class BulkResult:
    """What became of the jobs."""

    changed: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    """The first of them."""

    def add(self, refusal: Refusal | None) -> None:
        if refusal is None:
            self.changed += 1
            return
        self.refused += 1
        if len(self.refusals) < _TOLD:
            self.refusals.append(refusal)


def _nobody_listens(_: Job) -> None:
    return


@dataclass(frozen=True, slots=True)
class Bulk:
    """An action on jobs that are named or match a filter."""

    app: App
    action: Action
    on_deleted: Callable[[Job], None] = _nobody_listens
    """Hears of every job that was deleted: nobody can ask the store for it any more."""

    async def count_matching(self, which: JobFilter) -> int:
        """How many jobs the action would be done to now."""
        return await self.app.queue.count_jobs(self._fitting(which))

    async def count_named(self, job_ids: Sequence[str]) -> int:
        """The same for named jobs; those that are not there do not count, and none counts twice."""
        return sum([await self._fits(job_id) for job_id in dict.fromkeys(job_ids)])

    async def do_to_matching(self, which: JobFilter) -> BulkResult:
        """Newest first, at most MOST_JOBS."""
        result = BulkResult()
        async for job_ids in self._matching(which):
            await self._do(job_ids, result)
        return result

    async def do_to_named(self, job_ids: Sequence[str]) -> BulkResult:
        """A job that is named twice counts once."""
        result = BulkResult()
        named = list(dict.fromkeys(job_ids))
        for start in range(0, len(named), _TOGETHER):
            await self._do(named[start : start + _TOGETHER], result)
        return result

    async def _matching(self, which: JobFilter) -> AsyncIterator[list[str]]:
        cursor = None
        for _ in range(MOST_JOBS // _TOGETHER):
            page = await self.app.queue.list_jobs(self._fitting(which), _TOGETHER, cursor)
            yield [job.id for job in page.jobs]
            cursor = page.next_cursor
            if cursor is None:
                return

    def _fitting(self, which: JobFilter) -> JobFilter:
        fitting = FITTING[self.action]
        return replace(which, statuses=fitting if which.statuses is None else fitting & which.statuses)

    async def _fits(self, job_id: str) -> bool:
        try:
            return (await self.app.queue.get_job(job_id)).status in FITTING[self.action]
        except JobNotFound:
            return False

    async def _do(self, job_ids: Sequence[str], result: BulkResult) -> None:
        for refusal in await asyncio.gather(*map(self._try, job_ids)):
            result.add(refusal)

    async def _try(self, job_id: str) -> Refusal | None:
        try:
            await self._change(job_id)
        except StoreError:
            raise
        except TTSQueueError as error:
            return Refusal(job_id, error)
        return None

    async def _change(self, job_id: str) -> None:
        match self.action:
            case Action.RETRY:
                await self.app.queue.retry_job(job_id)
            case Action.CANCEL:
                await self.app.queue.cancel_job(job_id)
            case Action.DELETE:
                self.on_deleted(await remove_job(self.app.queue, self.app.storage, job_id))
