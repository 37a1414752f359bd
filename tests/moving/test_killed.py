"""A mover killed at random moments, with workers on both sides: every job ends once, in one of the two stores."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.conformance.samples import AT_ONCE, add_many, back_off, complete, new_job
from tests.conformance.store import Store
from ttsqueue.errors import JobNotFound, LeaseLost, NotCancellable
from ttsqueue.jobs import Claim, Job
from ttsqueue.provider import QueueProvider

from .movers import mover_process, prepared

DRILLED = [("sqlite", "redis"), ("redis", "postgres"), ("postgres", "sqlite"), ("sqlite", "postgres")]
"""Each store is left and entered."""

SHORT = [("sqlite", "redis"), ("redis", "postgres"), ("postgres", "sqlite")]


class Everything:
    """Two stores in use: workers, somebody who adds books, somebody who cancels some."""

    def __init__(self, source: QueueProvider, target: QueueProvider, chance: random.Random) -> None:
        self.added: list[str] = []
        self.cancelled: list[str] = []
        self.completed: Counter[str] = Counter()
        self._source = source
        self._target = target
        self._chance = chance
        self._over = False

    @asynccontextmanager
    async def in_use(self, *, more_comes: bool) -> AsyncIterator[None]:
        """Whoever is at work finishes what they hold."""
        self._over = False
        tasks = [self._work(side) for side in self._sides]
        if more_comes:
            tasks += [self._add(), self._cancel()]
        running = asyncio.gather(*tasks)
        try:
            yield
        finally:
            self._over = True
            await running

    async def _work(self, side: QueueProvider) -> None:
        while not self._over:
            claims = await side.claim("worker-1", 2)
            for claim in claims:
                await self._speak(side, claim)
            if not claims:
                await side.wait_for_work(0.1)

    async def _speak(self, side: QueueProvider, claim: Claim) -> None:
        await asyncio.sleep(self._chance.uniform(0, 0.02))
        is_back = self._chance.random() < 0.3
        try:
            await side.settle(claim.lease, back_off(AT_ONCE) if is_back else complete(1))
        except LeaseLost:  # somebody cancelled it
            return
        self.completed[claim.job.id] += not is_back

    async def _add(self) -> None:
        while not self._over:
            self.added.append((await self._source.add(new_job(1))).id)
            await asyncio.sleep(0.02)

    async def _cancel(self) -> None:
        """On either side: where it is just then, it is cancelled; where it is not, nobody knows it."""
        while not self._over:
            await asyncio.sleep(0.05)
            job_id = self._chance.choice(self.added)
            for side in (self._source, self._target):
                try:
                    await side.cancel(job_id)
                except (JobNotFound, NotCancellable):
                    continue
                self.cancelled.append(job_id)

    async def spoken(self) -> None:
        """Until nothing waits on either side."""
        async with asyncio.timeout(120), self.in_use(more_comes=False):
            while any([await _unfinished(side) for side in self._sides]):
                await self._source.wait_for_work(0.1)

    @property
    def _sides(self) -> tuple[QueueProvider, QueueProvider]:
        return self._source, self._target

    async def has_ended_once(self) -> None:
        assert await self._source.departed() == []
        for job_id in self.added:
            (job,) = [job for side in self._sides for job in await _known(side, job_id)]
            assert job.status.is_final
            was_cancelled = job_id in self.cancelled
            assert (job.status == "cancelled", self.completed[job_id]) == (was_cancelled, 0 if was_cancelled else 1)


async def _something_under_way(source: QueueProvider) -> None:
    for _ in range(200):
        if await source.departed():
            return
        await asyncio.sleep(0.002)


async def _unfinished(side: QueueProvider) -> int:
    stats = await side.stats()
    return stats.pending + stats.processing


async def _known(side: QueueProvider, job_id: str) -> list[Job]:
    try:
        return [await side.get(job_id)]
    except JobNotFound:
        return []


@pytest.mark.parametrize("pair", SHORT, indirect=True, ids="-to-".join)
async def test_a_mover_killed_at_random_moments(
    stores: tuple[Store, Store], source: QueueProvider, target: QueueProvider
) -> None:
    await kill_movers(stores, source, target, jobs=60, kills=2)


@pytest.mark.drill
@pytest.mark.parametrize("pair", DRILLED, indirect=True, ids="-to-".join)
async def test_a_mover_killed_at_30_random_moments(
    stores: tuple[Store, Store], source: QueueProvider, target: QueueProvider
) -> None:
    await kill_movers(stores, source, target, jobs=600, kills=30)


async def kill_movers(
    stores: tuple[Store, Store], source: QueueProvider, target: QueueProvider, jobs: int, kills: int
) -> None:
    """Half of them in pairs, so that the other goes on with what the first one left."""
    chance = random.Random(kills)
    everything = Everything(source, target, chance)
    everything.added += await add_many(source, jobs)
    left_behind = 0
    async with everything.in_use(more_comes=True):
        for number in range(kills):
            movers = [await mover_process(stores) for _ in range(1 + number % 2)]
            await (asyncio.sleep(chance.uniform(0, 0.15)) if number % 3 else _something_under_way(source))
            for mover in movers:
                if mover.returncode is None:
                    mover.kill()
                await mover.wait()
            left_behind += len(await source.departed())
            everything.added += await add_many(source, jobs // kills)
    last = await prepared(source, target)
    await last.run()
    assert last.stayed == {}
    await everything.spoken()
    await everything.has_ended_once()
    assert left_behind > 0
