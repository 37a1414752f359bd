"""Promise 7: what was accepted is there, once, whatever gets killed."""

from __future__ import annotations

import asyncio

import pytest

from ttsqueue.jobs import JobStatus
from ttsqueue.provider import QueueProvider

from .processes import Child, children_on
from .samples import AT_ONCE, EVERYTHING, LOST, add_many, complete
from .store import Store


async def test_what_was_accepted_is_there_after_a_restart(store: Store) -> None:
    async with store.opened() as first:
        added = await add_many(first, 20)
    async with store.opened() as second:
        page = await second.page(EVERYTHING, limit=100)
        assert [job.id for job in page.jobs] == added[::-1]


async def test_closing_first_finishes_what_was_accepted(store: Store) -> None:
    async with store.opened() as provider:
        adding = [asyncio.create_task(add_many(provider, 1)) for _ in range(50)]
        await asyncio.sleep(0)
    answers = await asyncio.gather(*adding, return_exceptions=True)
    async with store.opened() as second:
        for answer in answers:
            if isinstance(answer, list):
                assert (await second.get(answer[0])).status is JobStatus.PENDING
        assert (await second.stats()).pending == sum(isinstance(answer, list) for answer in answers)


async def test_a_caller_that_gives_up_harms_nobody_else(provider: QueueProvider) -> None:
    adding = [asyncio.create_task(add_many(provider, 1)) for _ in range(40)]
    await asyncio.sleep(0)
    for task in adding[::2]:
        task.cancel()
    answers = await asyncio.gather(*adding, return_exceptions=True)
    kept = [answer[0] for answer in answers if isinstance(answer, list)]
    assert len(kept) >= 20
    stored = {job.id for job in (await provider.page(EVERYTHING, limit=100)).jobs}
    assert stored >= set(kept)
    assert len(await provider.claim("worker-1", limit=100)) == len(stored)


async def test_kill_9_loses_nothing_and_doubles_nothing(store: Store) -> None:
    await kill_and_drain(store, seconds=0.5)


@pytest.mark.drill
@pytest.mark.timeout(1800)
async def test_kill_9_again_and_again(store: Store) -> None:
    for round_number in range(15):
        await kill_and_drain(store, seconds=0.1 + 0.13 * round_number)


async def kill_and_drain(store: Store, seconds: float) -> None:
    """Two processes add, claim and complete until they are killed in the middle; then another finishes the rest."""
    async with store.opened() as survivor:
        async with children_on(store, 2) as children:
            for number, child in enumerate(children):
                await child.start("churn", worker=f"worker-{number}")
            await asyncio.sleep(seconds)
            for child in children:
                await child.kill()
            said = [line for child in children for line in await last_words(child)]
        await finish_the_rest(survivor)
        await check_what_was_said(survivor, said)


async def last_words(child: Child) -> list[list[str]]:
    """Everything that the child had said before it died."""
    lines = []
    while (line := await child.answer()) is not None:
        lines.append(line)
    return lines


async def finish_the_rest(survivor: QueueProvider) -> None:
    """More than once: a server may still do what a process asked just before it was killed."""
    async with asyncio.timeout(30):
        while (stats := await survivor.stats()).pending or stats.processing:
            for stuck in await survivor.stuck(AT_ONCE, limit=100_000):
                await survivor.settle(stuck.lease, LOST, silent_for=AT_ONCE)
            claims = await survivor.claim("survivor", limit=500)
            await asyncio.gather(*(survivor.settle(claim.lease, complete(1)) for claim in claims))


async def check_what_was_said(survivor: QueueProvider, said: list[list[str]]) -> None:
    stats = await survivor.stats()
    everything = [job.id for job in (await survivor.page(EVERYTHING, limit=1_000_000)).jobs]
    assert stats.pending == stats.processing == 0
    assert stats.completed == len(everything) == len(set(everything))
    added = [job_id for word, job_id in said if word == "added"]
    assert added
    assert len(added) == len(set(added))
    assert set(added) <= set(everything)
    completed = {job_id for word, job_id in said if word == "completed"}
    for job_id in everything:
        outcomes = [attempt.outcome for attempt in await survivor.attempts(job_id)]
        assert outcomes == ["completed"] or (outcomes == ["lost", "completed"] and job_id not in completed)
