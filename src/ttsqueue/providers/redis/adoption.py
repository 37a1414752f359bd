"""Jobs that other programs put into the queue, and what they do to ours: Node producers and workers, bull-board."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from ttsqueue.contract import payload_from_json
from ttsqueue.errors import InvalidJob, StoreUnavailable
from ttsqueue.jobs import JobType, NewJob
from ttsqueue.priority import LATEST, SOONEST
from ttsqueue.providers.redis import adding, answers
from ttsqueue.providers.redis.faults import is_refusal
from ttsqueue.providers.redis.lane import Answer, Lane
from ttsqueue.providers.redis.settling import MOST_SHOWN
from ttsqueue.submission import accepted

_log = logging.getLogger("ttsqueue.redis")

_USUAL_PRIORITY = 5
"""For a job that was given none."""

_AT_ONCE = 20
"""Jobs that are followed in one step: the server does nothing else meanwhile."""

_OF_A_SWEEP = 100
"""The same when many may be gone: for each step the server looks through BullMQ's stream, which takes longest."""

Stranger = Sequence[str]
"""A job of BullMQ that is none of ours yet: its id, data, priority, options, and when it was made."""


class Adoption:
    """Keeps our records in step with BullMQ's queue."""

    def __init__(self, lane: Lane, lock_for: timedelta) -> None:
        self._lane = lane
        self._lock_for = lock_for // timedelta(milliseconds=1)
        self._ended: dict[str, float] | None = None
        """How far the last sweep has followed what ended."""

    async def follow(self, bull_ids: Sequence[str], at_once: int = _AT_ONCE) -> None:
        """Do to our jobs what was done to BullMQ's, and adopt new ones. StoreUnavailable."""
        for start in range(0, len(bull_ids), at_once):
            some = bull_ids[start : start + at_once]
            wish = {"ids": some, "lock_for": self._lock_for, "most_shown": MOST_SHOWN}
            _, strangers = await self._lane.run("follow", wish)
            await self._adopt(strangers)

    async def sweep(self) -> None:
        """The same for what happened while nobody listened; a part of a large queue at a time."""
        _, bull_ids, ended = await self._lane.run("sweep", {"ended": self._ended})
        await self.follow(bull_ids, _OF_A_SWEEP)
        self._ended = ended

    async def _adopt(self, bull_ids: Sequence[str]) -> None:
        """Whole books come along with these: few at a time."""
        left = bull_ids
        while left:
            _, strangers, looked = await self._lane.run("strangers", {"ids": left})
            for stranger in strangers:
                if reason := await self._reason_against(stranger):
                    await self._answer(stranger, "refuse", {"reason": reason})
            left = left[looked:]

    async def _reason_against(self, stranger: Stranger) -> str | None:
        """None when it has been adopted. Whatever is wrong with one job must not keep us from the others."""
        try:
            return await self._adopt_one(stranger)
        except InvalidJob as error:
            return str(error)
        except Exception as error:
            if isinstance(error, StoreUnavailable) and not is_refusal(error):
                raise
            _log.exception("a job of another program cannot be read: %s", stranger[0])
            return "This job cannot be read; the log of ttsqueue says more."

    async def _adopt_one(self, stranger: Stranger) -> str | None:
        """Why not. InvalidJob."""
        new = described(stranger)
        wish = "adopt", adding.described(new), adding.outline(new), adding.payload(new)
        answer = await self._answer(stranger, *wish)
        if gone := answers.gone_twin(answer):
            await self.follow([gone])
            answer = await self._answer(stranger, *wish)
        return f"The same job is already {answer[2]}, as {answer[1]}." if answer[0] == "duplicate" else None

    async def _answer(self, stranger: Stranger, script: str, values: dict[str, Any], *texts: str) -> Answer:
        """When another job lies there by now under its name, that one is looked at."""
        answer = await self._lane.run(script, values | {"bull": stranger[0], "made_at": stranger[4]}, *texts)
        if answer[0] == "changed":
            await self.follow([stranger[0]])
        return answer


def described(stranger: Stranger) -> NewJob:
    """The job that a producer meant. InvalidJob says what is wrong."""
    _, data, priority, options, _ = stranger
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
        priority=_priority(given, priority),
        max_attempts=_attempts(wished),
    )
    return accepted(new)


def _job_type(given: dict[str, Any]) -> JobType:
    try:
        return JobType(given.get("jobType", JobType.FULL_BOOK))
    except ValueError:
        raise InvalidJob(f"jobType must be one of {', '.join(JobType)}.") from None


def _priority(given: dict[str, Any], in_bullmq: str) -> int:
    """BullMQ's word for none is 0."""
    given_there = int(in_bullmq) if in_bullmq.isdecimal() else in_bullmq
    wish = given_there or given.get("priority") or _USUAL_PRIORITY
    if type(wish) is not int or not SOONEST <= wish <= LATEST:
        raise InvalidJob(f"priority must be a whole number from {SOONEST} to {LATEST}, not {wish!r}.")
    return wish


def _attempts(options: Any) -> int | None:
    """Node writes 0 for a job without the option."""
    attempts = options.get("attempts") if isinstance(options, dict) else None
    return attempts if type(attempts) is int and attempts > 0 else None
