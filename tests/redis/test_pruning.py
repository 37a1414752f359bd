"""What is kept for a day goes after a day, or memory would fill up with it."""

from __future__ import annotations

from redis.asyncio import Redis

from tests.conformance.samples import USER, new_job
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.redis.keys import OURS

TWO_DAYS = 2 * 24 * 3600 * 1_000_000
"""Microseconds."""


async def added_and_deleted(provider: RedisProvider, redis: Redis, age: int) -> None:
    job = await provider.add(new_job())
    await redis.hincrby(f"{OURS}job:{job.id}", "created_at", -age)
    await provider.cancel(job.id)
    await provider.delete(job.id)


async def test_what_a_user_handed_in_is_forgotten_a_day_after_the_job_was_deleted_with_it(
    provider: RedisProvider, redis: Redis
) -> None:
    await added_and_deleted(provider, redis, age=TWO_DAYS)
    await added_and_deleted(provider, redis, age=0)
    assert await redis.zcard(f"{OURS}usage:{USER}") == 2
    await provider.prune()
    assert await redis.zcard(f"{OURS}usage:{USER}") == 1
    assert await redis.zcard(f"{OURS}usage-of-deleted") == 1


async def test_what_a_user_handed_in_a_day_ago_is_forgotten_when_they_hand_in_more(
    provider: RedisProvider, redis: Redis
) -> None:
    """Books that stay are never deleted, and this would grow with each of them."""
    old, recent = await provider.add(new_job()), await provider.add(new_job())
    (member,) = [each for each in await _handed_in(redis) if each.startswith(old.id)]
    await redis.zincrby(f"{OURS}usage:{USER}", -TWO_DAYS, member)
    newest = await provider.add(new_job())
    assert [each.split(":")[0] for each in await _handed_in(redis)] == [recent.id, newest.id]


async def _handed_in(redis: Redis) -> list[str]:
    return [str(each) for each in await redis.zrange(f"{OURS}usage:{USER}", 0, -1)]
