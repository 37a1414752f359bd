"""Connecting to the server."""

from __future__ import annotations

import asyncio
import select
import time
from urllib.parse import urlsplit

import psycopg
from psycopg.rows import DictRow, dict_row

from ttsqueue.providers.postgres.faults import explained

Connection = psycopg.AsyncConnection[DictRow]

PATIENCE = 5.0
"""Seconds for which a server that restarts is waited for."""

_FIRST_NAP, _LONGEST_NAP = 0.05, 0.5

_SETTINGS = "-c TimeZone=UTC -c jit=off -c tts.quiet=on -c idle_in_transaction_session_timeout=60s"

_TRANSACTION_POOLER_PORT = 6543
"""Supabase's; session poolers and servers listen on 5432."""


def through_transaction_pooler(url: str) -> bool:
    """Then every transaction may be on another connection: no LISTEN, no prepared statements."""
    return urlsplit(url).port == _TRANSACTION_POOLER_PORT


def options(url: str) -> dict[str, object]:
    """Of every connection."""
    settings = {} if through_transaction_pooler(url) else {"options": _SETTINGS}
    return {
        "autocommit": True,
        "row_factory": dict_row,
        "prepare_threshold": None if through_transaction_pooler(url) else 3,
        "application_name": "ttsqueue",
        "connect_timeout": 10,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 30_000,
        **settings,
    }


async def connect(url: str) -> Connection:
    """StoreUnavailable."""
    try:
        return await psycopg.AsyncConnection.connect(url, **options(url))  # type: ignore[arg-type]
    except psycopg.Error as error:
        raise explained(error) from error


async def connect_patiently(url: str) -> Connection:
    """The same, while the server restarts."""
    deadline, nap = time.monotonic() + PATIENCE, _FIRST_NAP
    while True:
        try:
            return await psycopg.AsyncConnection.connect(url, **options(url))  # type: ignore[arg-type]
        except psycopg.Error as error:
            if time.monotonic() + nap >= deadline:
                raise explained(error) from error
        await asyncio.sleep(nap)
        nap = min(nap * 2, _LONGEST_NAP)


def was_cut(connection: Connection) -> bool:
    """Whether an idle connection has gone meanwhile: nothing was asked, so that what can be read is its end."""
    if connection.closed:
        return True
    readable, _, _ = select.select([connection.pgconn.socket], [], [], 0)
    return bool(readable)
