"""A waiting worker wakes when there is something to do, in whatever process it was done."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from time import monotonic
from typing import Any

import pytest

from ttsqueue.provider import QueueProvider

from .leases import backed_off, completed, handed_back
from .processes import child_on
from .samples import FAIL, add_many, claimed, new_job
from .store import Store

MUCH_TOO_LONG = 20.0


async def settle_down(provider: QueueProvider) -> None:
    """What happened until now has been seen."""
    await provider.wait_for_work(0.05)
    await provider.wait_for_work(0.05)


async def seconds_asleep(provider: QueueProvider, timeout: float) -> float:
    begin = monotonic()
    await provider.wait_for_work(timeout)
    return monotonic() - begin


async def test_a_worker_that_was_woken_sleeps_again(provider: QueueProvider) -> None:
    await settle_down(provider)
    await provider.add(new_job())
    await settle_down(provider)
    naps = [await seconds_asleep(provider, 0.4) for _ in range(3)]
    assert max(naps) > 0.35
    assert max(naps) < 2.0


async def test_a_job_added_while_it_sleeps_wakes_it(provider: QueueProvider, other: QueueProvider) -> None:
    await settle_down(provider)
    nap = asyncio.create_task(seconds_asleep(provider, MUCH_TOO_LONG))
    await asyncio.sleep(0.1)
    await other.add(new_job())
    assert await nap < 1.5


@pytest.mark.parametrize("same", [True, False], ids=["by_itself", "by_another"])
async def test_what_happened_between_two_naps_counts(provider: QueueProvider, other: QueueProvider, same: bool) -> None:
    await settle_down(provider)
    await (provider if same else other).add(new_job())
    await asyncio.sleep(0.2)
    assert await seconds_asleep(provider, MUCH_TOO_LONG) < 1.0


@pytest.mark.parametrize("settle", [completed, backed_off, handed_back], ids=lambda way: way.__name__)
async def test_a_settled_job_wakes_it(provider: QueueProvider, other: QueueProvider, settle: Any) -> None:
    claim = await claimed(other)
    await settle_down(provider)
    nap = asyncio.create_task(seconds_asleep(provider, MUCH_TOO_LONG))
    await asyncio.sleep(0.05)
    await settle(other, claim.lease)
    assert await nap < 1.5


async def test_a_cancelled_job_wakes_it(provider: QueueProvider, other: QueueProvider) -> None:
    claim = await claimed(provider)
    await settle_down(provider)
    nap = asyncio.create_task(seconds_asleep(provider, MUCH_TOO_LONG))
    await asyncio.sleep(0.05)
    await other.cancel(claim.job.id)
    assert await nap < 1.5


async def test_all_who_wait_wake(provider: QueueProvider, other: QueueProvider) -> None:
    """The one that takes the job may be any of them, so that each must look."""
    for handle in (provider, other):
        await settle_down(handle)
    naps = [asyncio.create_task(seconds_asleep(handle, MUCH_TOO_LONG)) for handle in (provider, other, provider)]
    await asyncio.sleep(0.05)
    await add_many(provider, 3)
    assert max(await asyncio.gather(*naps)) < 1.5


async def test_other_processes_wake_it(store: Store, provider: QueueProvider) -> None:
    running, failed, doomed = [await claimed(provider) for _ in range(3)]
    await provider.settle(failed.lease, FAIL)
    lease = {"job_id": running.job.id, "token": running.lease.token}
    await provider.set_paused(True)
    async with child_on(store) as child:
        for verb, arguments in (
            ("add", {"number": 1}),
            ("hand_back", lease),
            ("cancel", {"job_id": doomed.job.id}),
            ("retry", {"job_id": failed.job.id}),
            ("resume", {}),
        ):
            await settle_down(provider)
            nap = asyncio.create_task(seconds_asleep(provider, MUCH_TOO_LONG))
            await asyncio.sleep(0.05)
            await child.ask(verb, **arguments)
            assert await nap < 1.5, verb


async def test_a_nap_can_be_cut_short_and_taken_again(provider: QueueProvider) -> None:
    await settle_down(provider)
    for _ in range(3):
        with suppress(TimeoutError):
            await asyncio.wait_for(provider.wait_for_work(MUCH_TOO_LONG), timeout=0.05)
    nap = asyncio.create_task(seconds_asleep(provider, MUCH_TOO_LONG))
    await asyncio.sleep(0.05)
    await provider.add(new_job())
    assert await nap < 1.5
