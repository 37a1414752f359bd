"""Where jobs come in: checked, given a voice, paid for, and stored."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from ttsqueue.errors import InvalidJob, LimitReached, TTSQueueError
from ttsqueue.jobs import IdempotencyKey, Job, NewJob
from ttsqueue.provider import QueueProvider
from ttsqueue.submission import accepted

ChooseVoice = Callable[[str, str], Awaitable[str]]
"""(voice id, language) -> the `engine:voice` that will speak. Raises UnknownVoice."""


async def any_voice(voice_id: str, _: str) -> str:
    """Whoever speaks the job will know what it means."""
    return voice_id


class Purse(Protocol):
    """Counts what jobs cost: see ttsqueue.costs.purse."""

    async def reserve(self, job: NewJob) -> Any:
        """LimitReached, TooCostly."""
        ...

    async def give_back(self, reservation: Any) -> None:
        """The job was not stored."""
        ...

    async def confirm(self, reservation: Any, job_id: str) -> None:
        """The job was stored."""
        ...


class FreeOfCharge:
    """The purse of those who speak for nothing."""

    async def reserve(self, job: NewJob) -> None: ...

    async def give_back(self, reservation: None) -> None: ...

    async def confirm(self, reservation: None, job_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class _PaidJob:
    job: NewJob
    reservation: Any


class Entrance:
    """Of one queue."""

    def __init__(self, provider: QueueProvider, max_attempts: int, choose_voice: ChooseVoice, purse: Purse) -> None:
        self._provider = provider
        self._max_attempts = max_attempts
        self._choose_voice = choose_voice
        self._purse = purse

    async def checked(self, job: NewJob) -> NewJob:
        """The job as it would be stored, its voice chosen. Nothing is stored. InvalidJob, UnknownVoice."""
        job = accepted(job)
        voice_id = await self._choose_voice(job.voice_settings.voice_id, job.book.language)
        return replace(
            job,
            max_attempts=self._max_attempts if job.max_attempts is None else job.max_attempts,
            voice_settings=replace(job.voice_settings, voice_id=voice_id),
        )

    async def add(self, job: NewJob, idempotency: IdempotencyKey | None) -> Job:
        """InvalidJob, UnknownVoice, TooCostly, LimitReached, DuplicateJob, IdempotencyMismatch."""
        paid = await self._paid(job)
        try:
            added = await self._provider.add(paid.job, idempotency)
        except BaseException:
            await asyncio.shield(self._purse.give_back(paid.reservation))
            raise
        await self._purse.confirm(paid.reservation, added.id)
        return added

    async def add_many(self, jobs: Sequence[NewJob]) -> list[str | TTSQueueError]:
        """For each its id, or what `add` would have raised."""
        entered: list[_PaidJob | TTSQueueError] = []
        try:
            for job in jobs:
                entered.append(await self._paid_or_not(job))  # noqa: PERF401 - what came so far counts
            added = await self._provider.add_many([paid.job for paid in _paid_of(entered)])
        except BaseException:
            await asyncio.shield(self._give_back(_paid_of(entered)))
            raise
        for paid, outcome in zip(_paid_of(entered), added, strict=True):
            if isinstance(outcome, str):
                await self._purse.confirm(paid.reservation, outcome)
            else:
                await self._purse.give_back(paid.reservation)
        outcomes = iter(added)
        return [next(outcomes) if isinstance(each, _PaidJob) else each for each in entered]

    async def _paid(self, job: NewJob) -> _PaidJob:
        checked = await self.checked(job)
        return _PaidJob(checked, await self._purse.reserve(checked))

    async def _paid_or_not(self, job: NewJob) -> _PaidJob | TTSQueueError:
        try:
            return await self._paid(job)
        except (InvalidJob, LimitReached) as refusal:
            return refusal

    async def _give_back(self, unstored: Sequence[_PaidJob]) -> None:
        for paid in unstored:
            await self._purse.give_back(paid.reservation)


def _paid_of(entered: Sequence[_PaidJob | TTSQueueError]) -> list[_PaidJob]:
    return [each for each in entered if isinstance(each, _PaidJob)]
