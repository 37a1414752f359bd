"""Jobs that other programs put into the queue, and what they do to ours: Node producers and workers, bull-board."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from ttsqueue.contract import payload_from_json
from ttsqueue.errors import InvalidJob
from ttsqueue.jobs import JobType, NewJob
from ttsqueue.priority import LATEST, SOONEST
from ttsqueue.providers.redis import adding
from ttsqueue.providers.redis.lane import Lane
from ttsqueue.submission import accepted

_USUAL_PRIORITY = 5
"""For a job that was given none."""

Stranger = Sequence[str]
"""A job of BullMQ that is none of ours yet: its id, data, priority and options."""


class Adoption:
    """Keeps our records in step with BullMQ's queue."""

    def __init__(self, lane: Lane, lock_for: timedelta) -> None:
        self._lane = lane
        self._lock_for = lock_for // timedelta(milliseconds=1)

    async def follow(self, bull_ids: Collection[str]) -> None:
        """Do to our jobs what was done to BullMQ's, and adopt new ones. StoreUnavailable."""
        if bull_ids:
            _, strangers = await self._lane.run("follow", {"ids": list(bull_ids), "lock_for": self._lock_for})
            for stranger in strangers:
                await self._adopt(stranger)

    async def sweep(self) -> None:
        """The same for what happened while nobody listened; a part of a large queue at a time."""
        _, bull_ids = await self._lane.run("sweep", {})
        await self.follow(bull_ids)

    async def _adopt(self, stranger: Stranger) -> None:
        bull = stranger[0]
        try:
            new = described(stranger)
        except InvalidJob as error:
            await self._lane.run("refuse", {"bull": bull, "reason": str(error)})
            return
        values = adding.described(new) | _identity(bull)
        answer = await self._lane.run("adopt", values, adding.outline(new), adding.payload(new))
        if answer[0] == "duplicate":
            reason = f"The same job is already {answer[2]}, as {answer[1]}."
            await self._lane.run("refuse", {"bull": bull, "reason": reason})


def described(stranger: Stranger) -> NewJob:
    """The job that a producer meant. InvalidJob says what is wrong."""
    _, data, priority, options = stranger
    try:
        given, wished = json.loads(data), json.loads(options)
    except ValueError:
        raise InvalidJob("The data of this job are not JSON.") from None
    if not isinstance(given, dict):
        raise InvalidJob("The data of this job must be an object with workId, userId and chapters.")
    payload = payload_from_json(given)
    new = NewJob(
        work_id=given.get("workId", ""),
        user_id=given.get("userId", ""),
        chapters=payload.chapters,
        job_type=_job_type(given),
        voice_settings=payload.voice_settings,
        book=payload.book,
        priority=_priority(given, int(float(priority))),
        max_attempts=_attempts(wished),
    )
    return accepted(new)


def _job_type(given: dict[str, Any]) -> JobType:
    try:
        return JobType(given.get("jobType", JobType.FULL_BOOK))
    except ValueError:
        raise InvalidJob(f"jobType must be one of {', '.join(JobType)}.") from None


def _priority(given: dict[str, Any], in_bullmq: int) -> int:
    """BullMQ's word for none is 0."""
    wish = in_bullmq or given.get("priority") or _USUAL_PRIORITY
    if not isinstance(wish, int) or not SOONEST <= wish <= LATEST:
        raise InvalidJob(f"priority must be a whole number from {SOONEST} to {LATEST}, not {wish!r}.")
    return wish


def _attempts(options: Any) -> int | None:
    """Node writes 0 for a job without the option."""
    attempts = options.get("attempts") if isinstance(options, dict) else None
    return attempts if isinstance(attempts, int) and attempts > 0 else None


def _identity(bull: str) -> dict[str, str]:
    """The job's own id if it is a UUID, as ours are; else BullMQ's beside one of ours."""
    try:
        is_ours = str(UUID(bull)) == bull
    except ValueError:
        is_ours = False
    return {"id": bull} if is_ours else {"bull": bull}
