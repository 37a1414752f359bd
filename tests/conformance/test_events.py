"""Promise 10: whoever listens hears of every job that changed, in any process, and of the final state always."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager, suppress

import pytest

from ttsqueue.errors import JobNotFound
from ttsqueue.jobs import Job, JobStatus, Lease, Progress
from ttsqueue.provider import QueueProvider
from ttsqueue.queue import TTSQueue

from .processes import child_on
from .samples import FAIL, HAND_BACK, add_many, claim_one, claimed, complete, new_job, spoken
from .store import Store

Listening = AsyncGenerator[frozenset[str], None]

CHANGES: dict[str, Callable[[QueueProvider, Lease], Awaitable[object]]] = {
    "update_progress": lambda provider, lease: provider.update_progress(lease, Progress(10)),
    "freeze_voice": lambda provider, lease: provider.freeze_voice(lease, "espeak:en"),
    "save_chapter": lambda provider, lease: provider.save_chapter(lease, spoken(0)),
    "complete": lambda provider, lease: provider.settle(lease, complete()),
    "fail": lambda provider, lease: provider.settle(lease, FAIL),
    "hand_back": lambda provider, lease: provider.settle(lease, HAND_BACK),
    "cancel": lambda provider, lease: provider.cancel(lease.job_id),
}


@asynccontextmanager
async def listening(provider: QueueProvider) -> AsyncIterator[Listening]:
    """Changes from now on."""
    async with aclosing(provider.changes()) as changes:
        assert await anext(changes) == frozenset()
        yield changes


async def hear(changes: Listening, *job_ids: str, within: float = 1.0) -> None:
    """Wait until all of these were hinted."""
    missing = set(job_ids)
    async with asyncio.timeout(within):
        while missing:
            missing -= await anext(changes)


async def test_the_first_thing_heard_is_that_it_listens_now(provider: QueueProvider) -> None:
    await add_many(provider, 3)
    async with aclosing(provider.changes()) as changes, asyncio.timeout(1):
        assert await anext(changes) == frozenset()


async def test_a_new_job_is_heard_of(provider: QueueProvider, other: QueueProvider) -> None:
    async with listening(provider) as here, listening(other) as there:
        job = await provider.add(new_job())
        await hear(here, job.id)
        await hear(there, job.id)


@pytest.mark.parametrize("change", CHANGES)
async def test_a_change_is_heard_of_wherever_one_listens(
    provider: QueueProvider, other: QueueProvider, change: str
) -> None:
    claim = await claimed(provider)
    async with listening(provider) as here, listening(other) as there:
        await CHANGES[change](provider, claim.lease)
        await hear(here, claim.job.id)
        await hear(there, claim.job.id)


async def test_a_claim_and_a_retry_are_heard_of(provider: QueueProvider, other: QueueProvider) -> None:
    (job_id,) = await add_many(provider, 1)
    async with listening(other) as changes:
        claim = await claim_one(provider)
        await hear(changes, job_id)
    await provider.settle(claim.lease, FAIL)
    async with listening(other) as changes:
        await provider.retry(job_id)
        await hear(changes, job_id)


async def test_a_change_in_another_process_is_heard_of_within_a_second(store: Store, provider: QueueProvider) -> None:
    claim = await claimed(provider)
    lease = {"job_id": claim.job.id, "token": claim.lease.token}
    async with child_on(store) as child, listening(provider) as changes:
        added = await child.ask("add", number=1)
        await hear(changes, added)
        for verb in ("progress", "finish"):
            await child.ask(verb, **lease)
            await hear(changes, claim.job.id)
        assert (await provider.get(claim.job.id)).status is JobStatus.COMPLETED


async def test_who_watches_a_job_that_is_cancelled_and_deleted_at_once_learns_it(
    provider: QueueProvider, other: QueueProvider
) -> None:
    """As when a user is forgotten: hardly anybody can read the final state in between."""
    job = await provider.add(new_job())
    async with aclosing(TTSQueue(other).watch(job.id)) as states, asyncio.timeout(2):
        assert (await anext(states)).status is JobStatus.PENDING
        await provider.cancel(job.id)
        await provider.delete(job.id)
        with suppress(JobNotFound):
            assert [job.status async for job in states] == [JobStatus.CANCELLED]  # for whoever looked in between


async def test_what_changes_right_after_a_job_was_deleted_is_heard_of(
    provider: QueueProvider, other: QueueProvider
) -> None:
    claim, doomed = await claimed(provider), await claimed(provider)
    await provider.cancel(doomed.job.id)
    async with listening(other) as changes:
        for percent in (10, 20):
            await provider.update_progress(claim.lease, Progress(percent))
            await hear(changes, claim.job.id)
        await provider.delete(doomed.job.id)
        await hear(changes, doomed.job.id)
        await provider.update_progress(claim.lease, Progress(30))
        await hear(changes, claim.job.id)


async def test_who_reads_after_each_hint_always_sees_the_final_state(
    provider: QueueProvider, other: QueueProvider
) -> None:
    for _ in range(5):
        claim = await claimed(provider)
        async with listening(other) as changes, asyncio.timeout(5):
            work = asyncio.create_task(_speak(provider, claim.lease))
            seen = [await other.get(claim.job.id)]
            while not seen[-1].status.is_final:
                if claim.job.id in await anext(changes):
                    seen.append(await other.get(claim.job.id))
            await work
        percents = [job.progress_percent for job in seen]
        assert percents == sorted(percents)
        assert seen[-1].progress_percent == 100


async def _speak(provider: QueueProvider, lease: Lease) -> Job:
    for percent in range(0, 100, 10):
        await provider.update_progress(lease, Progress(percent))
    return await provider.settle(lease, complete())


async def test_nothing_is_missed_between_listening_and_reading(provider: QueueProvider, other: QueueProvider) -> None:
    """State first, then hints: a change that falls between the two is hinted."""
    claim = await claimed(provider)
    async with listening(other) as changes:
        await provider.settle(claim.lease, complete())
        await hear(changes, claim.job.id)
        assert (await other.get(claim.job.id)).status is JobStatus.COMPLETED


async def test_a_slow_reader_gets_many_changes_as_few(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    async with listening(provider) as changes:
        for percent in range(60):
            await provider.update_progress(claim.lease, Progress(percent))
        others = await add_many(provider, 60)
        await asyncio.sleep(0.6)
        heard: list[frozenset[str]] = []
        async with asyncio.timeout(2):
            while not set(others) | {claim.job.id} <= set().union(*heard):
                heard.append(await anext(changes))
    assert len(heard) < 30


async def test_a_reader_that_stops_listening_holds_nobody_up(provider: QueueProvider) -> None:
    async with listening(provider) as changes:
        async with listening(provider):
            pass
        (job_id,) = await add_many(provider, 1)
        await hear(changes, job_id)


async def test_a_listener_sleeps_while_nothing_changes(provider: QueueProvider) -> None:
    """What changed just before may still arrive, but nothing is made up."""
    await claimed(provider)
    hints = 0

    async def count_hints() -> None:
        nonlocal hints
        async with listening(provider) as changes:
            async for _ in changes:
                hints += 1

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(count_hints(), timeout=1)
    assert hints <= 2
