"""A database of its own on the server of the bench."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from redis import Redis

from tests.redis_server import Server

_numbers = count()


@contextmanager
def database(server: Server) -> Iterator[str]:
    url = f"{server.url}/{next(_numbers)}"
    try:
        yield url
    finally:
        with Redis.from_url(url, socket_timeout=60) as client:
            client.flushdb(asynchronous=True)
