"""Steps that must not stop halfway, of a task that may be stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from ttsqueue.jobs import Claim, JobStatus
from ttsqueue.queue import TTSQueue
from ttsqueue.worker.shelter import Shelter

from .at_work import at_work, outcomes
from .samples import DONE, book


class Working:
    """A step, then a rest, over and over."""

    def __init__(self) -> None:
        self.shelter = Shelter()
        self.began, self.may_end = asyncio.Event(), asyncio.Event()
        self.ended = 0
        self.task = asyncio.create_task(self.shelter.run(self._work()))

    async def _work(self) -> None:
        while True:
            with self.shelter:
                self.began.set()
                await self.may_end.wait()
                self.ended += 1
            await asyncio.sleep(60)


async def is_cancelled(task: asyncio.Task[Any]) -> bool:
    await asyncio.wait({task}, timeout=1)
    return task.cancelled()


async def test_who_is_stopped_in_a_step_ends_it_first() -> None:
    working = Working()
    await working.began.wait()
    working.task.cancel()
    await asyncio.sleep(0.05)
    assert not working.task.done()
    working.may_end.set()
    assert await is_cancelled(working.task)
    assert working.ended == 1


async def test_who_is_stopped_between_steps_ends_at_once() -> None:
    working = Working()
    working.may_end.set()
    await asyncio.sleep(0.05)
    working.task.cancel()
    assert await is_cancelled(working.task)
    assert working.ended == 1


async def test_who_is_stopped_twice_ends_in_the_middle_of_a_step() -> None:
    working = Working()
    await working.began.wait()
    working.task.cancel()
    await asyncio.sleep(0.05)
    working.task.cancel()
    assert await is_cancelled(working.task)
    working.may_end.set()
    await asyncio.sleep(0.05)
    assert working.ended == 0


async def test_an_error_ends_it() -> None:
    async def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await Shelter().run(fail())


async def test_what_a_worker_was_just_claiming_when_it_was_stopped_is_handed_back(
    queue: TTSQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim: Callable[..., Any] = queue.provider.claim
    claimed = asyncio.Event()

    async def slow_claim(worker: str, limit: int = 1) -> list[Claim]:
        found: list[Claim] = await claim(worker, limit)
        claimed.set()
        await asyncio.sleep(0.3)
        return found

    async def handler(_: Any) -> Any:
        await asyncio.sleep(60)
        return DONE

    monkeypatch.setattr(queue.provider, "claim", slow_claim)
    job_id = await queue.add_job(book(1))
    async with at_work(queue, handler) as worker:
        await claimed.wait()
        await worker.stop()
    assert (await queue.get_job(job_id)).status is JobStatus.PENDING
    assert await outcomes(queue, job_id) == ["handed_back"]
