"""A database of its own for each test, and for drills a whole server that may be stopped."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.postgres_server import Cluster, empty_database, fresh_database
from ttsqueue.providers.postgres import PostgresProvider
from ttsqueue.providers.postgres.sql import schema

SUPABASE = (Path(__file__).parent / "supabase.sql").read_text()


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


@pytest.fixture
def plain(url: str) -> Iterator[psycopg.Connection]:
    """PostgreSQL with our schema; every statement is a transaction."""
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def empty() -> Iterator[psycopg.Connection]:
    """A database without our schema."""
    with empty_database() as url, psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def supabase(empty: psycopg.Connection) -> psycopg.Connection:
    """As a project of Supabase: its roles, auth.uid(), and default privileges that open everything; with our schema."""
    empty.execute(SUPABASE)
    empty.execute(schema())
    return empty
