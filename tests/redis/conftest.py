"""A queue on a real Redis, and BullMQ's own client beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from bullmq import Queue
from redis.asyncio import Redis

from tests.redis_server import fresh_redis
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.redis.keys import PREFIX, QUEUE


@pytest.fixture
def url() -> Iterator[str]:
    with fresh_redis() as fresh:
        yield fresh


@pytest.fixture
async def provider(url: str) -> AsyncIterator[RedisProvider]:
    provider = RedisProvider(url)
    await provider.open()
    yield provider
    await provider.aclose()


@pytest.fixture
async def redis(url: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(url, decode_responses=True)
    yield client
    await client.aclose()


@pytest.fixture
async def bullmq(url: str) -> AsyncIterator[Queue]:
    """What another program sees."""
    queue = Queue(QUEUE, {"connection": url, "prefix": PREFIX})
    yield queue
    await queue.close()
