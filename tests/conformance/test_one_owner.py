"""Promise 2: a claim is atomic, and only who holds the lease may write."""

from __future__ import annotations

import asyncio

import pytest

from ttsqueue.errors import LeaseLost
from ttsqueue.jobs import Lease
from ttsqueue.provider import QueueProvider

from .leases import TAKEN_AWAY, WRITES, Write, cancelled_and_retried, found_stuck, handed_back
from .processes import children_on
from .samples import (
    HAND_BACK,
    STRANGER,
    WORKER,
    add_many,
    claim_one,
    claimed,
    complete,
    ids,
    new_job,
    numbered_job,
    snapshot,
    spoken,
)
from .store import Store


@pytest.mark.parametrize("take_away", TAKEN_AWAY, ids=lambda way: way.__name__)
async def test_a_stale_lease_changes_nothing(provider: QueueProvider, take_away: Write) -> None:
    claim = await claimed(provider)
    await provider.save_chapter(claim.lease, spoken(0))
    await take_away(provider, claim.lease)
    before = await snapshot(provider, claim.job.id)
    for name, write in WRITES.items():
        with pytest.raises(LeaseLost):
            await write(provider, claim.lease)
        assert await snapshot(provider, claim.job.id) == before, name


@pytest.mark.parametrize("take_away", TAKEN_AWAY, ids=lambda way: way.__name__)
async def test_a_worker_is_told_that_its_lease_is_lost(provider: QueueProvider, take_away: Write) -> None:
    kept = await claimed(provider)
    claim = await claimed(provider)
    await take_away(provider, claim.lease)
    leases = [claim.lease, kept.lease]
    assert await provider.lost(leases) == {claim.lease}
    assert await provider.heartbeat(leases) == {claim.lease}


@pytest.mark.parametrize("take_away", TAKEN_AWAY, ids=lambda way: way.__name__)
async def test_a_heartbeat_does_not_touch_a_lost_job(provider: QueueProvider, take_away: Write) -> None:
    claim = await claimed(provider)
    await take_away(provider, claim.lease)
    before = await snapshot(provider, claim.job.id)
    await provider.heartbeat([claim.lease])
    assert await snapshot(provider, claim.job.id) == before


async def test_a_zombie_cannot_give_away_the_job_of_the_worker_after_it(provider: QueueProvider) -> None:
    zombie = await claimed(provider)
    await found_stuck(provider, zombie.lease)
    rightful = await claim_one(provider, WORKER)
    with pytest.raises(LeaseLost) as lost:
        await provider.settle(zombie.lease, complete())
    assert lost.value.job_id == zombie.job.id
    done = await provider.settle(rightful.lease, complete())
    assert done.claims == 2


async def test_a_lease_says_nothing_about_another_job(provider: QueueProvider) -> None:
    first, second = await claimed(provider), await claimed(provider)
    for _ in range(3):
        await handed_back(provider, second.lease)
        second = await claim_one(provider)
    forged = Lease(first.job.id, second.lease.token)
    before = await snapshot(provider, first.job.id)
    for write in WRITES.values():
        with pytest.raises(LeaseLost):
            await write(provider, forged)
    assert await snapshot(provider, first.job.id) == before


async def test_the_lease_of_an_unknown_job_is_lost(provider: QueueProvider) -> None:
    unknown = Lease(STRANGER, 1)
    assert await provider.lost([unknown]) == {unknown}
    assert await provider.heartbeat([unknown]) == {unknown}
    for write in WRITES.values():
        with pytest.raises(LeaseLost):
            await write(provider, unknown)


async def test_asking_about_no_lease_answers_none(provider: QueueProvider) -> None:
    assert await provider.lost([]) == frozenset()
    assert await provider.heartbeat([]) == frozenset()


async def test_a_worker_with_many_leases_learns_which_are_lost(provider: QueueProvider) -> None:
    await asyncio.gather(*(provider.add(new_job(1)) for _ in range(1200)))
    leases = [claim.lease for claim in await provider.claim(WORKER, limit=1200)]
    gone = leases[::300]
    for lease in gone:
        await provider.cancel(lease.job_id)
    assert await provider.lost(leases) == set(gone)
    assert await provider.heartbeat(leases) == set(gone)


@pytest.mark.parametrize(
    ("take_away", "steps"),
    [(handed_back, ["settle", "claim"]), (cancelled_and_retried, ["cancel", "retry", "claim"])],
    ids=["handed_back", "cancelled_and_retried"],
)
async def test_the_token_grows_with_every_step(provider: QueueProvider, take_away: Write, steps: list[str]) -> None:
    """Not only with claims: a fence that looks at nothing but the token must hold in every state."""
    claim = await claimed(provider)
    await take_away(provider, claim.lease)
    again = await claim_one(provider)
    assert again.lease.token >= claim.lease.token + len(steps)


async def test_64_concurrent_claims_hand_out_each_job_once(provider: QueueProvider, other: QueueProvider) -> None:
    added = await add_many(provider, 40)
    handles = (provider, other)
    claims = await asyncio.gather(*(handles[turn % 2].claim(f"worker-{turn}") for turn in range(64)))
    assert sorted(job_id for some in claims for job_id in ids(some)) == sorted(added)
    assert sum(not some for some in claims) == 24


async def test_processes_that_claim_at_once_get_each_job_once(provider: QueueProvider, store: Store) -> None:
    added = await asyncio.gather(*(provider.add(numbered_job(number)) for number in range(300)))
    async with children_on(store, 4) as children:
        for n, child in enumerate(children):
            await child.start("claim_all", worker=f"worker-{n}", there_are=len(added))
        shares = [await child.answer() for child in children]
    assert sorted(job_id for share in shares for job_id in share) == sorted(job.id for job in added)
    for n, share in enumerate(shares):
        assert {claim.job.id for claim in await provider.claims_of(f"worker-{n}")} == set(share)


async def test_of_two_that_settle_at_once_one_wins(provider: QueueProvider, other: QueueProvider) -> None:
    for _ in range(10):
        claim = await claimed(provider)
        done, back = await asyncio.gather(
            provider.settle(claim.lease, complete()),
            other.settle(claim.lease, HAND_BACK),
            return_exceptions=True,
        )
        assert isinstance(done, LeaseLost) != isinstance(back, LeaseLost)
        (attempt,) = await provider.attempts(claim.job.id)
        assert attempt.outcome == ("handed_back" if isinstance(done, LeaseLost) else "completed")
        if isinstance(done, LeaseLost):
            await provider.cancel(claim.job.id)
