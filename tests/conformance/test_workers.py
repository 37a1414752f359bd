"""The list of workers: who is there, since when, and what each holds."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from ttsqueue.errors import WorkerNameTaken
from ttsqueue.provider import QueueProvider
from ttsqueue.workers import Worker, WorkerProcess

from .samples import HAND_BACK, add_many, claim_one, claimed, complete, ids

PROCESS = WorkerProcess("büro.local", "7c1f-boot", "pid:[4026531836]", 4711, 1_767_225_600.25)


def worker(name: str, instance: str = "") -> Worker:
    return Worker(name, instance or f"{name}@1", PROCESS, "0.1.0", slots=2)


async def test_a_registered_worker_is_listed_as_it_said_it_is(provider: QueueProvider) -> None:
    await provider.register_worker(worker("worker-1"))
    (listed,) = await provider.workers()
    assert listed.registered_at is not None
    assert listed.registered_at == listed.heartbeat_at
    assert replace(listed, registered_at=None, heartbeat_at=None, silent_for=None) == worker("worker-1")


async def test_workers_are_listed_by_name(provider: QueueProvider) -> None:
    for name in ("worker-2", "atelier", "worker-1"):
        await provider.register_worker(worker(name))
    assert [listed.name for listed in await provider.workers()] == ["atelier", "worker-1", "worker-2"]


async def test_a_name_is_given_once(provider: QueueProvider) -> None:
    await provider.register_worker(worker("worker-1", "first"))
    with pytest.raises(WorkerNameTaken) as refusal:
        await provider.register_worker(worker("worker-1", "second"))
    assert refusal.value.name == "worker-1"
    assert [listed.instance for listed in await provider.workers()] == ["first"]


async def test_of_8_that_register_one_name_at_once_one_gets_it(provider: QueueProvider, other: QueueProvider) -> None:
    answers = await asyncio.gather(
        *((provider, other)[n % 2].register_worker(worker("worker-1", f"start-{n}")) for n in range(8)),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, WorkerNameTaken) for answer in answers) == 7
    assert sum(answer is None for answer in answers) == 1


async def test_a_heartbeat_of_a_worker_is_seen(provider: QueueProvider) -> None:
    await provider.register_worker(worker("worker-1"))
    await asyncio.sleep(0.01)
    assert await provider.worker_alive("worker-1@1") is True
    (listed,) = await provider.workers()
    assert listed.registered_at is not None
    assert listed.heartbeat_at is not None
    assert listed.heartbeat_at > listed.registered_at


async def test_its_silence_is_measured_by_the_stores_clock(provider: QueueProvider) -> None:
    await provider.register_worker(worker("worker-1"))
    await asyncio.sleep(0.2)
    (before,) = await provider.workers()
    await provider.worker_alive("worker-1@1")
    (after,) = await provider.workers()
    assert before.silent_for is not None
    assert after.silent_for is not None
    assert timedelta(seconds=0.2) <= before.silent_for < timedelta(seconds=5)
    assert after.silent_for < before.silent_for


async def test_a_worker_struck_off_the_list_is_told_so(provider: QueueProvider) -> None:
    await provider.register_worker(worker("worker-1"))
    await provider.remove_worker("worker-1@1")
    assert await provider.worker_alive("worker-1@1") is False
    assert await provider.workers() == []


async def test_a_heartbeat_of_an_unknown_worker_registers_nobody(provider: QueueProvider) -> None:
    assert await provider.worker_alive("nobody") is False
    assert await provider.workers() == []


async def test_removing_an_unknown_worker_is_fine(provider: QueueProvider) -> None:
    await provider.register_worker(worker("worker-1"))
    await provider.remove_worker("worker-1")
    assert len(await provider.workers()) == 1


async def test_a_name_is_free_again_after_its_worker_was_removed(provider: QueueProvider) -> None:
    await provider.register_worker(worker("worker-1", "first"))
    await provider.remove_worker("first")
    await provider.register_worker(worker("worker-1", "second"))
    assert await provider.worker_alive("first") is False
    assert await provider.worker_alive("second") is True


async def test_removing_a_worker_does_not_touch_its_jobs(provider: QueueProvider) -> None:
    await provider.register_worker(worker("worker-1"))
    claim = await claimed(provider)
    await provider.remove_worker("worker-1@1")
    assert await provider.get(claim.job.id) == claim.job
    assert await provider.lost([claim.lease]) == frozenset()


async def test_each_worker_is_listed_with_the_jobs_it_holds(provider: QueueProvider) -> None:
    for name in ("worker-1", "worker-2", "worker-3"):
        await provider.register_worker(worker(name))
    await add_many(provider, 5)
    first, second = await provider.claim("worker-1", limit=2), await provider.claim("worker-2", limit=2)
    await provider.settle(second[0].lease, complete(1))
    held = {listed.name: sorted(listed.job_ids) for listed in await provider.workers()}
    assert held == {"worker-1": sorted(ids(first)), "worker-2": [second[1].job.id], "worker-3": []}


async def test_claims_of_a_name_are_found_with_valid_leases(provider: QueueProvider) -> None:
    await add_many(provider, 4)
    mine, theirs = await provider.claim("worker-1", limit=3), await provider.claim("worker-2")
    await provider.settle(mine[0].lease, HAND_BACK)
    found = await provider.claims_of("worker-1")
    assert sorted(ids(found)) == sorted(ids(mine[1:]))
    assert {claim.lease for claim in found} == {claim.lease for claim in mine[1:]}
    assert await provider.claims_of("worker-2") == theirs
    assert await provider.claims_of("worker-3") == []


async def test_a_restarted_worker_takes_back_what_its_name_held(provider: QueueProvider) -> None:
    zombie = await claimed(provider)
    (found,) = await provider.claims_of("worker-1")
    await provider.settle(found.lease, HAND_BACK)
    again = await claim_one(provider)
    assert await provider.lost([zombie.lease, again.lease]) == {zombie.lease}
