"""A worker at work on a Redis, in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.worker.at_work import SOON, AtWork, at_work
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.queue import Handler, TTSQueue


@asynccontextmanager
async def store(url: str) -> AsyncIterator[RedisProvider]:
    """One more handle."""
    provider = RedisProvider(url)
    await provider.open()
    try:
        yield provider
    finally:
        await provider.aclose()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[TTSQueue]:
    """The queue with its own handle, as on a machine of its own."""
    async with store(url) as provider:
        yield TTSQueue(provider, backoff=SOON)


@asynccontextmanager
async def machine(url: str, handler: Handler, **options: Any) -> AsyncIterator[AtWork]:
    """A worker with a handle of its own."""
    async with opened(url) as queue, at_work(queue, handler, **options) as worker:
        yield worker
