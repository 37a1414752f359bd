"""A database of its own for each test, and for drills a whole server that may be stopped."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.postgres_server import Cluster, fresh_database
from ttsqueue.providers.postgres import PostgresProvider


@pytest.fixture
def url() -> Iterator[str]:
    with fresh_database() as url:
        yield url


@pytest.fixture
async def provider(url: str) -> AsyncIterator[PostgresProvider]:
    provider = PostgresProvider(url)
    await provider.open()
    yield provider
    await provider.aclose()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A server with few connections, which tests stop, start and fill up."""
    cluster = Cluster("-c max_connections=13 -c listen_addresses=127.0.0.1")
    yield cluster
    cluster.remove()


@pytest.fixture
def own_url(cluster: Cluster) -> Iterator[str]:
    with fresh_database(cluster.url) as url:
        yield url


@pytest.fixture
async def own(own_url: str) -> AsyncIterator[PostgresProvider]:
    provider = PostgresProvider(own_url)
    await provider.open()
    yield provider
    await provider.aclose()
