"""A paused queue hands out nothing, and everything else goes on."""

from __future__ import annotations

from ttsqueue.jobs import JobStatus, Progress
from ttsqueue.provider import QueueProvider

from .samples import WORKER, add_many, claim_order, claimed, complete
from .store import Store


async def test_a_new_queue_is_not_paused(provider: QueueProvider) -> None:
    assert await provider.is_paused() is False


async def test_nothing_is_claimed_while_paused(provider: QueueProvider, other: QueueProvider) -> None:
    added = await add_many(provider, 3)
    await provider.set_paused(True)
    assert await provider.is_paused() is await other.is_paused() is True
    assert await provider.claim(WORKER, limit=3) == []
    assert await other.claim(WORKER, limit=3) == []
    await other.set_paused(False)
    assert await provider.is_paused() is await other.is_paused() is False
    assert await claim_order(provider) == added


async def test_pausing_twice_and_resuming_once_resumes(provider: QueueProvider) -> None:
    await add_many(provider, 1)
    for paused in (True, True, False):
        await provider.set_paused(paused)
    assert len(await provider.claim(WORKER)) == 1


async def test_jobs_are_accepted_while_paused(provider: QueueProvider) -> None:
    await provider.set_paused(True)
    await add_many(provider, 2)
    assert (await provider.stats()).pending == 2


async def test_running_jobs_go_on_while_paused(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    await provider.set_paused(True)
    assert await provider.heartbeat([claim.lease]) == frozenset()
    await provider.update_progress(claim.lease, Progress(50))
    assert (await provider.settle(claim.lease, complete())).status is JobStatus.COMPLETED


async def test_nothing_is_due_while_paused(provider: QueueProvider) -> None:
    await add_many(provider, 1)
    await provider.set_paused(True)
    assert await provider.next_due() is None


async def test_a_queue_stays_paused_over_a_restart(store: Store) -> None:
    async with store.opened() as first:
        await first.set_paused(True)
    async with store.opened() as second:
        assert await second.is_paused() is True
