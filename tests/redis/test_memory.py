"""What is kept in memory, and what no longer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from redis.asyncio import Redis

from tests.conformance.samples import FAIL, LATER, USER, claim_one, complete, new_job
from ttsqueue.book import Chapter
from ttsqueue.errors import JobNotFound
from ttsqueue.outcome import Outcome
from ttsqueue.providers.redis import RedisProvider

BOOK = (Chapter("ch1", "x" * 1_000_000, ""),)


async def memory(redis: Redis) -> int:
    """Bytes of all keys."""
    return sum([await redis.memory_usage(key) or 0 async for key in redis.scan_iter()])


async def settled(provider: RedisProvider, outcome: Outcome) -> str:
    job = await provider.add(replace(new_job(), chapters=BOOK))
    await provider.settle((await claim_one(provider)).lease, outcome)
    return job.id


async def test_the_texts_of_a_book_that_is_spoken_are_let_go(provider: RedisProvider, redis: Redis) -> None:
    for _ in range(10):
        await settled(provider, complete(1))
    assert (await provider.stats()).completed == 10
    assert await memory(redis) < 100_000


async def test_a_spoken_book_can_still_be_looked_at_and_deleted(provider: RedisProvider) -> None:
    job_id = await settled(provider, complete(1))
    (chapter,) = await provider.chapters(job_id)
    assert (chapter.chapter_id, chapter.characters) == ("ch1", 1_000_000)
    assert await provider.characters_since(USER, LATER) == 1_000_000
    with pytest.raises(JobNotFound):
        await provider.payload(job_id)
    await provider.delete(job_id)


async def test_the_texts_of_a_book_that_may_be_tried_again_are_kept(provider: RedisProvider) -> None:
    failed, waiting = await settled(provider, FAIL), await provider.add(replace(new_job(), chapters=BOOK))
    await provider.cancel(waiting.id)
    for job_id in (failed, waiting.id):
        await provider.retry(job_id)
        assert (await provider.payload(job_id)).chapters == BOOK
