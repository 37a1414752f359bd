"""A jobId that was there before means the new book: BullMQ lets a name be used again when its job is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import pytest
from bullmq import Job as BullJob
from bullmq import Queue
from redis.asyncio import Redis

from tests.conformance.samples import claim_one, complete, new_job
from ttsqueue.errors import LeaseLost
from ttsqueue.jobs import Claim, Job, JobStatus, Progress
from ttsqueue.outcome import Fail, Outcome, Requeue
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.redis.keys import BULL

from .test_adoption import NAME, data, listening, soon, with_status
from .test_other_workers import another_worker, fail, in_state, speak


async def put_in(bullmq: Queue, text: str, **options: object) -> str:
    """Another program's book of one chapter; the name that BullMQ has for it."""
    made = await bullmq.add(NAME, data(chapters=[{"chapterId": "a", "text": text}]), options)
    return str(made.id)


async def text_of(provider: RedisProvider, claim: Claim) -> str:
    return (await provider.payload(claim.job.id)).chapters[0].text


async def replace_once(bullmq: Queue, name: str, texts: Iterator[str]) -> None:
    """What lies there under this name, by the texts that are left."""
    for text in texts:
        await bullmq.remove(name)
        await put_in(bullmq, text, jobId=name)


async def name_of_an_ended_book(provider: RedisProvider, bullmq: Queue, outcome: Outcome) -> tuple[str, Job]:
    """Which is free again: BullMQ's record of it is removed."""
    name = await put_in(bullmq, "Old.", jobId=str(uuid4()))
    old = await provider.settle((await claim_one(provider)).lease, outcome)
    await bullmq.remove(name)
    return name, old


async def count(provider: RedisProvider, status: JobStatus) -> int:
    return int(getattr(await provider.stats(), status.value))


@pytest.mark.parametrize("heard", [True, False], ids=["heard", "unheard"])
@pytest.mark.parametrize("name", ["7c56190a-a634-423a-bdf7-c768635fc9c4", "tide"], ids=["uuid", "word"])
@pytest.mark.parametrize("options", [{}, {"priority": 5}, {"delay": 150}], ids=["plain", "prioritized", "delayed"])
async def test_a_waiting_book_that_is_removed_and_put_in_again_has_the_new_text(
    provider: RedisProvider, bullmq: Queue, name: str, heard: bool, options: dict[str, int]
) -> None:
    if heard:
        await listening(provider)
    await put_in(bullmq, "Old.", jobId=name)
    if heard:
        await soon(lambda: with_status(provider, JobStatus.PENDING))
    else:
        await provider.prune()
    await bullmq.remove(name)
    await put_in(bullmq, "New.", jobId=name, **options)
    if heard:
        await soon(lambda: count(provider, JobStatus.CANCELLED))
    await asyncio.sleep(options.get("delay", 0) / 1000)
    claim = await claim_one(provider)
    assert await text_of(provider, claim) == "New."
    assert (await count(provider, JobStatus.CANCELLED), await provider.claim("w")) == (1, [])
    await provider.settle(claim.lease, complete())
    assert await bullmq.getJobState(name) == "completed"


async def test_a_sweep_finds_the_new_book_under_an_old_name(provider: RedisProvider, bullmq: Queue) -> None:
    await put_in(bullmq, "Old.", jobId="tide")
    await provider.prune()
    await bullmq.remove("tide")
    await put_in(bullmq, "New.", jobId="tide", priority=5)
    await provider.prune()
    assert (await count(provider, JobStatus.CANCELLED), await count(provider, JobStatus.PENDING)) == (1, 1)


@pytest.mark.parametrize("outcome", [Fail("no voice"), complete()], ids=["failed", "completed"])
async def test_a_book_under_the_name_of_one_that_ended_is_a_book_of_its_own(
    provider: RedisProvider, bullmq: Queue, outcome: Outcome
) -> None:
    name, old = await name_of_an_ended_book(provider, bullmq, outcome)
    await put_in(bullmq, "New.", jobId=name)
    second = await claim_one(provider)
    assert await text_of(provider, second) == "New."
    assert (await provider.get(old.id)).status is old.status
    assert (await BullJob.fromId(bullmq, name)).data["jobId"] == second.job.id
    await provider.delete(old.id)
    assert await bullmq.getJobState(name) == "active", "the old job is deleted, and the new one runs on"


@pytest.mark.parametrize("outcome", [Fail("no voice"), complete()], ids=["failed", "completed"])
async def test_deleting_the_old_book_leaves_the_new_one_that_nobody_has_seen(
    provider: RedisProvider, bullmq: Queue, outcome: Outcome
) -> None:
    name, old = await name_of_an_ended_book(provider, bullmq, outcome)
    await put_in(bullmq, "New.", jobId=name)
    await provider.delete(old.id)
    assert await text_of(provider, await claim_one(provider)) == "New."


async def test_the_old_book_can_be_retried_though_the_new_one_failed(
    provider: RedisProvider, bullmq: Queue, url: str
) -> None:
    name, old = await name_of_an_ended_book(provider, bullmq, Fail("no voice"))
    async with another_worker(url, fail):
        await put_in(bullmq, "New.", jobId=name)
        await soon(lambda: in_state(bullmq, name, "failed"))
    await provider.retry(old.id)
    assert await text_of(provider, await claim_one(provider)) == "Old."
    assert await bullmq.getJobState(name) == "failed"


async def test_the_old_book_can_be_spoken_again_beside_the_new_one(provider: RedisProvider, bullmq: Queue) -> None:
    name, old = await name_of_an_ended_book(provider, bullmq, Fail("no voice"))
    await put_in(bullmq, "New.", jobId=name)
    await provider.retry(old.id)
    texts = [await text_of(provider, claim) for claim in await provider.claim("w", 5)]
    assert sorted(texts) == ["New.", "Old."]
    await provider.prune()
    assert await count(provider, JobStatus.PROCESSING) == 2


async def test_a_new_book_that_another_worker_has_spoken_already_is_ours_beside_the_old_one(
    provider: RedisProvider, bullmq: Queue, url: str
) -> None:
    name, _ = await name_of_an_ended_book(provider, bullmq, Fail("no voice"))
    async with another_worker(url, speak):
        await put_in(bullmq, "New.", jobId=name)
        await soon(lambda: in_state(bullmq, name, "completed"))
    await provider.prune()
    assert (await count(provider, JobStatus.FAILED), await count(provider, JobStatus.COMPLETED)) == (1, 1)


async def test_the_old_book_is_completed_if_that_is_how_another_worker_ended_it(
    provider: RedisProvider, bullmq: Queue, redis: Redis, url: str
) -> None:
    job = await provider.add(new_job())
    async with another_worker(url, speak, removeOnComplete=True):
        await soon(lambda: _is_gone(redis, job.id))
    await put_in(bullmq, "New.", jobId=job.id)
    assert await text_of(provider, await claim_one(provider)) == "New."
    assert (await provider.get(job.id)).status is JobStatus.COMPLETED


async def _is_gone(redis: Redis, name: str) -> bool:
    return not await redis.exists(f"{BULL}{name}")


async def test_after_obliterate_names_begin_anew_and_mean_the_new_books(provider: RedisProvider, bullmq: Queue) -> None:
    for number in range(6):
        await put_in(bullmq, f"Old {number}.")
    running = await claim_one(provider)
    await bullmq.obliterate(True)
    for number in range(6):
        await put_in(bullmq, f"New {number}.")
    claims = await provider.claim("w", 10)
    assert [await text_of(provider, claim) for claim in claims] == [f"New {number}." for number in range(6)]
    await provider.prune()
    assert await count(provider, JobStatus.CANCELLED) == 6
    with pytest.raises(LeaseLost):
        await provider.settle(running.lease, complete())


@pytest.mark.parametrize("outcome", [complete(), Fail("no voice"), Requeue("failed")], ids=["done", "failed", "again"])
async def test_the_end_of_an_obliterated_book_is_not_the_end_of_its_namesake(
    provider: RedisProvider, bullmq: Queue, outcome: Outcome
) -> None:
    await put_in(bullmq, "Old.")
    running = await claim_one(provider)
    await bullmq.obliterate(True)
    name = await put_in(bullmq, "New.")
    await provider.settle(running.lease, outcome)
    assert await bullmq.getJobState(name) in ("waiting", "prioritized")
    texts = [await text_of(provider, claim) for claim in await provider.claim("w", 5)]
    assert "New." in texts


async def test_the_signs_of_life_of_an_obliterated_book_are_not_those_of_its_namesake(
    provider: RedisProvider, bullmq: Queue, redis: Redis
) -> None:
    await put_in(bullmq, "Old.")
    running = await claim_one(provider)
    await bullmq.obliterate(True)
    name = await put_in(bullmq, "New.")
    await provider.heartbeat([running.lease])
    await provider.update_progress(running.lease, Progress(50, "Half of it"))
    assert not await redis.exists(f"{BULL}{name}:lock")
    assert not await redis.hexists(f"{BULL}{name}", "progress")


async def test_a_book_of_ours_that_a_tool_puts_in_again_as_it_was_is_spoken(
    provider: RedisProvider, bullmq: Queue
) -> None:
    """Removed and added with `job.data`, which names our book."""
    job = await provider.add(new_job())
    shown = await BullJob.fromId(bullmq, job.id)
    await bullmq.remove(job.id)
    await bullmq.add(NAME, shown.data, {"jobId": job.id})
    claim = await claim_one(provider)
    assert claim.job.id == job.id
    await provider.settle(claim.lease, complete())
    assert await bullmq.getJobState(job.id) == "completed"


async def test_a_text_that_is_replaced_while_it_is_read_is_read_again(
    provider: RedisProvider, bullmq: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between our look at the text and our taking it over."""
    name = str(uuid4())
    await put_in(bullmq, "Old.", jobId=name)
    adoption = provider._store.adoption
    adopt, others = adoption._adopt_one, iter(["New."])

    async def after_others(stranger: list[str]) -> str | None:
        await replace_once(bullmq, name, others)
        return await adopt(stranger)

    monkeypatch.setattr(adoption, "_adopt_one", after_others)
    assert await text_of(provider, await claim_one(provider)) == "New."


async def test_a_new_text_is_not_refused_for_what_was_wrong_with_the_old_one(
    provider: RedisProvider, bullmq: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = str(uuid4())
    await put_in(bullmq, " ", jobId=name)
    adoption = provider._store.adoption
    judge, others = adoption._reason_against, iter(["New."])

    async def before_others(stranger: list[str]) -> str | None:
        reason = await judge(stranger)
        await replace_once(bullmq, name, others)
        return reason

    monkeypatch.setattr(adoption, "_reason_against", before_others)
    assert await text_of(provider, await claim_one(provider)) == "New."


async def test_a_name_of_a_job_that_is_on_its_way_elsewhere_is_free_for_another_book(
    provider: RedisProvider, bullmq: Queue
) -> None:
    name = await put_in(bullmq, "Old.", jobId=str(uuid4()))
    await provider.prune()
    await provider.take_out("another-store")
    moving = await provider.departing(name)
    assert moving is not None
    await put_in(bullmq, "New.", jobId=name)
    await provider.prune()
    assert await provider.come_back(moving.lease)
    texts = [await text_of(provider, claim) for claim in await provider.claim("w", 5)]
    assert sorted(texts) == ["New.", "Old."]


async def test_a_number_that_means_another_book_by_now_still_does_when_the_old_one_comes_back(
    provider: RedisProvider, bullmq: Queue
) -> None:
    await put_in(bullmq, "Old.")
    await provider.prune()
    (left,) = (await provider.take_out("another-store")).job_ids
    moving = await provider.departing(left)
    assert moving is not None
    await bullmq.obliterate(True)
    await put_in(bullmq, "New.")
    await provider.prune()
    assert await provider.come_back(moving.lease)
    claims = await provider.claim("w", 5)
    assert sorted([await text_of(provider, claim) for claim in claims]) == ["New.", "Old."]
    for claim in claims:
        await provider.settle(claim.lease, complete())
    assert await bullmq.getJobCounts("completed", "active") == {"completed": 2, "active": 0}


async def test_a_job_whose_name_is_another_books_does_not_leave_with_it(provider: RedisProvider, bullmq: Queue) -> None:
    await provider.add(new_job())
    await put_in(bullmq, "Old.", jobId=str(uuid4()))
    name = await put_in(bullmq, "Old.", jobId=str(uuid4()))
    await provider.prune()
    await bullmq.remove(name)
    await put_in(bullmq, "New.", jobId=name)
    left = (await provider.take_out("another-store", after=1)).job_ids
    assert len(left) == 1
    assert await bullmq.getJobState(name) in ("waiting", "prioritized")
