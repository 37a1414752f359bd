"""A server at the end of a slow line: what takes long is not lost, as long as something goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from redis.asyncio import Redis

from tests.conformance.samples import claim_one, new_job
from tests.moving.movers import Watched, prepared
from ttsqueue.book import Chapter
from ttsqueue.errors import StoreUnavailable
from ttsqueue.jobs import NewJob
from ttsqueue.providers.redis import RedisProvider, lane
from ttsqueue.providers.sqlite import SqliteProvider

from .proxy import proxied

LINE = 2_000_000
"""Bytes a second."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Instead of half a minute."""
    monkeypatch.setattr(lane, "LONGEST_SILENCE", 1.0)


@asynccontextmanager
async def far_away(url: str) -> AsyncIterator[RedisProvider]:
    async with proxied(url, bytes_per_second=LINE) as line:
        provider = RedisProvider(line.url)
        await provider.open()
        yield provider
        await provider.aclose()


def book(characters: int) -> NewJob:
    return replace(new_job(1), chapters=(Chapter("ch1", "x" * characters, ""),))


async def test_many_books_arrive(url: str, provider: RedisProvider) -> None:
    async with far_away(url) as far:
        added = await far.add_many([book(500_000) for _ in range(8)])
    assert (await provider.stats()).pending == 8
    assert [(await provider.get(str(job_id))).id for job_id in added] == added


async def test_a_book_that_is_long_on_its_way_is_read_once(url: str, provider: RedisProvider, redis: Redis) -> None:
    job = await provider.add(book(4_000_000))
    async with far_away(url) as far:
        connections = (await redis.info("stats"))["total_connections_received"]
        assert len((await far.payload(job.id)).chapters[0].text) == 4_000_000
        assert (await redis.info("stats"))["total_connections_received"] == connections


async def test_a_server_without_a_word_counts_as_away(
    monkeypatch: pytest.MonkeyPatch, provider: RedisProvider, redis: Redis
) -> None:
    monkeypatch.setattr(lane, "PATIENCE", 0.0)
    await redis.client_pause(2500)
    try:
        with pytest.raises(StoreUnavailable, match="Redis does not answer; check that the server runs"):
            await provider.is_paused()
    finally:
        await redis.client_unpause()


async def test_a_sign_of_life_goes_between_the_books_that_are_added(url: str, provider: RedisProvider) -> None:
    await provider.add(new_job())
    claim = await claim_one(provider)
    async with far_away(url) as far, asyncio.TaskGroup() as tasks:
        adding = tasks.create_task(far.add_many([book(600_000) for _ in range(16)]))
        await asyncio.sleep(0.2)
        assert await far.heartbeat([claim.lease]) == frozenset()
        assert not adding.done()


async def test_books_move_over_it_and_back(url: str, provider: RedisProvider, tmp_path: Path) -> None:
    here = SqliteProvider(tmp_path / "here.db")
    await here.open()
    await here.add_many([*(book(250_000) for _ in range(16)), new_job()])
    async with far_away(url) as far:
        watched = Watched()
        there = await prepared(here, far, watched, patience=0.5)
        await there.run()
        assert (there.moved, (await provider.stats()).pending) == (17, 17)
        back = await prepared(far, here, watched, patience=0.5)
        await back.run()
    assert (back.moved, (await here.stats()).pending, watched.sentences) == (17, 17, [])
    await here.aclose()
