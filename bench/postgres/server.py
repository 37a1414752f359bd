"""A server of our own with full durability, and databases on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.postgres_server import Cluster, empty_database

DURABLE = "-c listen_addresses=127.0.0.1 -c max_connections=200"
"""fsync, full_page_writes and synchronous_commit are on by default."""


@contextmanager
def durable_server() -> Iterator[str]:
    """The URL of its first database."""
    cluster = Cluster(DURABLE)
    try:
        yield cluster.url
    finally:
        cluster.remove()


@contextmanager
def database(server: str) -> Iterator[str]:
    """The URL of one in which nothing has happened yet."""
    with empty_database(server) as url:
        yield url
