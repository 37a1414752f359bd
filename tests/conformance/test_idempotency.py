"""An idempotency key makes two requests one, decided inside the store."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from ttsqueue.errors import DuplicateJob, IdempotencyMismatch
from ttsqueue.jobs import IdempotencyKey, Job, JobStatus
from ttsqueue.provider import QueueProvider

from .processes import children_on
from .samples import STRANGER, claim_one, complete, new_job
from .store import Store

KEY = IdempotencyKey("order-17", "body-a")
OTHER_BODY = IdempotencyKey("order-17", "body-b")


async def test_a_repeated_request_gets_the_first_job(provider: QueueProvider) -> None:
    book = new_job()
    first = await provider.add(book, KEY)
    assert await provider.add(book, KEY) == first
    assert (await provider.stats()).pending == 1


async def test_a_repeated_request_sees_the_job_as_it_is_now(provider: QueueProvider) -> None:
    book = new_job()
    first = await provider.add(book, KEY)
    claim = await claim_one(provider)
    await provider.settle(claim.lease, complete())
    again = await provider.add(book, KEY)
    assert (again.id, again.status) == (first.id, JobStatus.COMPLETED)


async def test_the_same_key_with_another_body_is_refused(provider: QueueProvider) -> None:
    await provider.add(new_job(), KEY)
    with pytest.raises(IdempotencyMismatch) as refusal:
        await provider.add(new_job(), OTHER_BODY)
    assert refusal.value.key == "order-17"
    assert (await provider.stats()).pending == 1


async def test_the_key_is_looked_at_before_the_book(provider: QueueProvider) -> None:
    book = new_job()
    await provider.add(book, KEY)
    with pytest.raises(IdempotencyMismatch):
        await provider.add(book, OTHER_BODY)
    with pytest.raises(DuplicateJob):
        await provider.add(book, IdempotencyKey("order-18", "body-a"))


async def test_the_earlier_job_can_be_asked_for_and_none_is_added(provider: QueueProvider) -> None:
    book = new_job()
    assert await provider.earlier_job(book.user_id, KEY) is None
    first = await provider.add(book, KEY)
    assert await provider.earlier_job(book.user_id, KEY) == first
    assert await provider.earlier_job(STRANGER, KEY) is None
    with pytest.raises(IdempotencyMismatch):
        await provider.earlier_job(book.user_id, OTHER_BODY)
    await provider.cancel(first.id)
    await provider.delete(first.id)
    assert await provider.earlier_job(book.user_id, KEY) is None
    assert (await provider.stats()).pending == 0


async def test_another_key_is_another_request(provider: QueueProvider) -> None:
    first = await provider.add(new_job(), KEY)
    second = await provider.add(new_job(), IdempotencyKey("order-18", "body-a"))
    assert first.id != second.id


async def test_another_user_may_use_the_same_key(provider: QueueProvider) -> None:
    mine = await provider.add(new_job(), KEY)
    theirs = await provider.add(new_job(user_id=STRANGER), OTHER_BODY)
    assert mine.id != theirs.id


async def test_a_refused_job_does_not_use_up_its_key(provider: QueueProvider) -> None:
    book = new_job()
    first = await provider.add(book)
    with pytest.raises(DuplicateJob):
        await provider.add(book, KEY)
    await provider.cancel(first.id)
    second = await provider.add(book, KEY)
    assert second.id != first.id
    assert await provider.add(book, KEY) == second


async def test_of_20_requests_at_once_with_one_key_one_job_is_made(
    provider: QueueProvider, other: QueueProvider
) -> None:
    answers = await asyncio.gather(*((provider, other)[turn % 2].add(new_job(), KEY) for turn in range(20)))
    assert len({job.id for job in answers}) == 1
    assert (await provider.stats()).pending == 1


async def test_of_two_bodies_at_once_under_one_key_one_is_refused(
    provider: QueueProvider, other: QueueProvider
) -> None:
    for turn in range(10):
        keys = [IdempotencyKey(f"order-{turn}", body) for body in "ab"]
        answers = await asyncio.gather(
            provider.add(new_job(), keys[0]), other.add(new_job(), keys[1]), return_exceptions=True
        )
        assert [type(answer) for answer in answers if not isinstance(answer, Job)] == [IdempotencyMismatch]


async def test_three_processes_with_the_same_keys_make_one_job_each(store: Store, provider: QueueProvider) -> None:
    keys = [f"order-{number}" for number in range(40)]
    async with children_on(store, 3) as children:
        await asyncio.gather(*(child.start("add_with_keys", keys=keys) for child in children))
        answers = [await child.answer() for child in children]
    assert answers[0] == answers[1] == answers[2]
    assert len(set(answers[0])) == len(keys) == (await provider.stats()).pending


async def test_pruning_keeps_what_is_younger_than_a_day(provider: QueueProvider) -> None:
    book = new_job()
    first = await provider.add(book, KEY)
    await provider.prune()
    assert await provider.add(replace(book, priority=9), KEY) == first


async def test_a_deleted_job_frees_its_key(provider: QueueProvider) -> None:
    book = new_job()
    first = await provider.add(book, KEY)
    await provider.cancel(first.id)
    await provider.delete(first.id)
    assert (await provider.add(book, OTHER_BODY)).id != first.id
