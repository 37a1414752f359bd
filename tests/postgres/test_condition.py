"""What doctor is told about a server."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta

import psycopg

from tests.postgres.pooler import pooled
from ttsqueue.providers.postgres import PostgresProvider
from ttsqueue.providers.postgres.condition import Condition


async def condition_at(url: str) -> Condition:
    provider = PostgresProvider(url)
    await provider.open()
    try:
        return await provider.condition()
    finally:
        await provider.aclose()


async def test_a_direct_connection_is_told_and_hears(url: str) -> None:
    found = await condition_at(url)
    assert (found.way.is_pooled, found.hears, found.way.is_local, found.way.is_encrypted) == (False, True, True, False)
    assert found.server_version >= 150000
    assert found.schema_version == 1
    assert found.rows_are_guarded
    assert 1 <= found.connections <= found.most_connections
    assert abs(found.clock_ahead) < timedelta(seconds=2)


async def test_behind_a_transaction_pooler_nothing_is_heard(own_url: str) -> None:
    async with pooled(own_url) as address:
        found = await condition_at(address)
    assert (found.way.is_pooled, found.hears) == (True, False)


async def test_a_transaction_that_somebody_left_open_shows(provider: PostgresProvider, url: str) -> None:
    with psycopg.connect(url) as forgotten:
        forgotten.execute("SELECT 1")
        await asyncio.sleep(1.1)
        assert timedelta(seconds=1) < (await provider.condition()).oldest_transaction < timedelta(seconds=60)


async def test_who_watches_through_a_pooler_is_told_at_once_that_it_looks(own_url: str) -> None:
    async with pooled(own_url) as address:
        provider = PostgresProvider(address)
        await provider.open()
        try:
            async with asyncio.timeout(1), contextlib.aclosing(provider.changes()) as changes:
                assert await anext(changes) == frozenset()
        finally:
            await provider.aclose()
