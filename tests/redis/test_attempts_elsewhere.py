"""How often, and how soon, a worker of another program tries a book of ours again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from bullmq import Job as BullJob
from bullmq import Queue

from tests.conformance.samples import FAIL, HAND_BACK, LOST, back_off, claim_one, complete, new_job, spoken
from ttsqueue.jobs import JobStatus
from ttsqueue.outcome import Outcome
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.retry import Backoff

from .test_adoption import listening, soon, with_status
from .test_other_workers import Process, another_worker, in_state


async def stumble(_: BullJob) -> object:
    raise RuntimeError("the line is busy")


def stumble_when_seen(provider: RedisProvider) -> Process:
    async def process(job: BullJob) -> object:
        await soon(lambda: with_status(provider, JobStatus.PROCESSING))
        return await stumble(job)

    return process


async def shown(bullmq: Queue, job_id: str) -> BullJob:
    found = await BullJob.fromId(bullmq, job_id)
    assert found is not None
    return found


async def test_a_book_that_fails_elsewhere_is_tried_again_as_late_as_one_of_ours(
    provider: RedisProvider, bullmq: Queue, url: str
) -> None:
    await listening(provider)
    job = await provider.add(new_job())
    async with another_worker(url, stumble_when_seen(provider)):
        await soon(lambda: in_state(bullmq, job.id, "delayed"))
    assert (await shown(bullmq, job.id)).delay == Backoff().first.total_seconds() * 1000
    await soon(lambda: with_status(provider, JobStatus.PENDING))
    assert [attempt.outcome for attempt in await provider.attempts(job.id)] == ["retried"]


@pytest.mark.parametrize(
    ("outcome", "spent"),
    [(HAND_BACK, 0), (replace(back_off(), refund=True), 0), (LOST, 2), (back_off(), 2)],
    ids=["handed back", "slowed down", "lost", "failed"],
)
async def test_bullmq_counts_the_attempts_that_count_for_us(
    provider: RedisProvider, bullmq: Queue, outcome: Outcome, spent: int
) -> None:
    job = await provider.add(new_job())
    for _ in range(2):
        await bullmq.promoteJobs()
        await soon(lambda: _is_due(provider))
        await provider.settle((await claim_one(provider)).lease, outcome)
    assert (await provider.get(job.id)).attempts == spent
    assert (await shown(bullmq, job.id)).attemptsMade == spent


async def _is_due(provider: RedisProvider) -> bool:
    due = await provider.next_due()
    return due is not None and not due


async def test_a_book_that_was_handed_back_often_has_every_attempt_left_elsewhere(
    provider: RedisProvider, bullmq: Queue, url: str
) -> None:
    job = await provider.add(new_job())
    for _ in range(job.max_attempts):
        await provider.settle((await claim_one(provider)).lease, HAND_BACK)
    async with another_worker(url, stumble):
        await soon(lambda: in_state(bullmq, job.id, "delayed"))


async def test_a_book_that_moved_forward_has_attempts_left_elsewhere(
    provider: RedisProvider, bullmq: Queue, url: str
) -> None:
    job = await provider.add(new_job())
    for index in range(job.max_attempts):
        lease = (await claim_one(provider)).lease
        await provider.save_chapter(lease, spoken(index))
        await provider.settle(lease, LOST)
    assert (await shown(bullmq, job.id)).attemptsMade == 1


async def test_a_failed_book_that_a_tool_tries_again_has_every_attempt_left(
    provider: RedisProvider, bullmq: Queue, url: str
) -> None:
    await listening(provider)
    job = await provider.add(new_job())
    await provider.settle((await claim_one(provider)).lease, FAIL)
    await (await shown(bullmq, job.id)).retry()
    await soon(lambda: with_status(provider, JobStatus.PENDING))
    assert (await shown(bullmq, job.id)).attemptsMade == 0


async def test_our_worker_speaks_what_waits_to_be_tried_again_elsewhere(
    provider: RedisProvider, bullmq: Queue, url: str
) -> None:
    await listening(provider)
    job = await provider.add(new_job())
    async with another_worker(url, stumble_when_seen(provider)):
        await soon(lambda: in_state(bullmq, job.id, "delayed"))
    assert await provider.claim("worker-1") == []
    (claim,) = await soon(lambda: provider.claim("worker-1"), 7)
    assert (await provider.settle(claim.lease, complete())).claims == 2


@pytest.mark.parametrize("seen", [True, False], ids=["seen", "unseen"])
async def test_a_book_that_failed_elsewhere_is_due_for_us_when_it_is_due_there(
    provider: RedisProvider, bullmq: Queue, url: str, seen: bool
) -> None:
    await listening(provider)
    job = await provider.add(new_job())
    async with another_worker(url, stumble_when_seen(provider) if seen else stumble):
        await soon(lambda: in_state(bullmq, job.id, "delayed"))

    async def retried() -> bool:
        return bool(await provider.attempts(job.id)) and (await provider.get(job.id)).status is JobStatus.PENDING

    await soon(retried)
    waiting = await provider.get(job.id)
    assert waiting.attempts == 1
    assert timedelta(seconds=4) < waiting.run_at - job.run_at < timedelta(seconds=7)
    (claim,) = await soon(lambda: provider.claim("worker-1"), 7)
    assert claim.job.attempts == 2
