"""Connecting to the server."""

from __future__ import annotations

import socket
from base64 import b64encode
from typing import Any
from urllib.parse import quote

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from ttsqueue.providers.redis.keys import PREFIX, QUEUE

LONGEST_SILENCE = 30.0
"""Seconds without a byte after which a server counts as away."""

_PROBES = {"TCP_KEEPIDLE": 45, "TCP_KEEPINTVL": 15, "TCP_KEEPCNT": 4, "TCP_USER_TIMEOUT": 30_000}
_KEEPALIVE = {getattr(socket, name): value for name, value in _PROBES.items() if hasattr(socket, name)}
"""A connection that waits in silence is kept open on its way, and a dead one is known in two minutes; while something
is being sent, after 30 seconds in which none of it arrives.
"""


def connect(url: str, token: str | None = None) -> Redis:
    """A client that reaches for nothing yet. It never repeats a call by itself: only we know which may be repeated.

    Nor does it end what takes long, as redis-py does after five seconds: the wire sees to that.
    """
    options: dict[str, Any] = {} if token is None or "password" in _parts(url) else {"password": token}
    return Redis.from_url(
        url,
        protocol=2,  # answers of one form, whatever redis-py prefers
        decode_responses=True,
        encoding_errors="replace",
        socket_timeout=None,
        socket_connect_timeout=10,
        socket_keepalive=True,
        socket_keepalive_options=_KEEPALIVE,
        retry=Retry(NoBackoff(), 0),
        client_name="ttsqueue",
        **options,
    )


def client_name(worker: str) -> str:
    """The one by which BullMQ for Node knows a worker, as its `clientName` makes it. Redis allows no blanks there."""
    return f"{PREFIX}:{b64encode(QUEUE.encode()).decode()}:w:{quote(worker, safe='')}"


def _parts(url: str) -> dict[str, Any]:
    from redis.asyncio.connection import parse_url

    return dict(parse_url(url))
