"""Connecting to the server, directly or through a pooler."""

from __future__ import annotations

import asyncio
import select
import time
from dataclasses import dataclass

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row
from psycopg.types.string import TextLoader

from ttsqueue.providers.postgres.faults import explained

Connection = psycopg.AsyncConnection[DictRow]

PATIENCE = 5.0
"""Seconds for which a server that restarts is waited for."""

_FIRST_NAP, _LONGEST_NAP = 0.05, 0.5

_SETTINGS = "SET TimeZone = 'UTC'; SET jit = off; SET tts.quiet = 'on'; SET idle_in_transaction_session_timeout = '60s'"

_TRANSACTION_POOLER_PORT = 6543
"""Supabase's; session poolers and servers listen on 5432."""

OPTIONS: dict[str, object] = {
    "autocommit": True,
    "row_factory": dict_row,
    "prepare_threshold": 3,
    "application_name": "ttsqueue",
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""Of every connection."""


def may_listen(url: str) -> bool:
    """Whether it is worth trying; only hearing oneself is a proof."""
    ports = str(conninfo_to_dict(url).get("port", "")).split(",")  # a URL may name several servers
    return str(_TRANSACTION_POOLER_PORT) not in ports


async def connect(url: str) -> Connection:
    """StoreUnavailable."""
    try:
        return await _connect(url)
    except psycopg.Error as error:
        raise explained(error) from error


async def connect_patiently(url: str) -> Connection:
    """The same, while the server restarts."""
    deadline, nap = time.monotonic() + PATIENCE, _FIRST_NAP
    while True:
        try:
            return await _connect(url)
        except psycopg.Error as error:
            if time.monotonic() + nap >= deadline:
                raise explained(error) from error
        await asyncio.sleep(nap)
        nap = min(nap * 2, _LONGEST_NAP)


async def _connect(url: str) -> Connection:
    connection: Connection = await psycopg.AsyncConnection.connect(url, **OPTIONS)  # type: ignore[arg-type]
    try:
        await settle_in(connection)
    except BaseException:
        await connection.close()
        raise
    return connection


async def settle_in(connection: Connection) -> None:
    """Set up a new connection. Behind a pooler it belongs to others too: nothing may be set or prepared there."""
    connection.adapters.register_loader("uuid", TextLoader)
    cursor = await connection.execute("SELECT pg_backend_pid() AS pid")
    (row,) = await cursor.fetchall()
    # A pooler makes up the number that it tells its clients.
    if row["pid"] != connection.info.backend_pid or connection.info.port == _TRANSACTION_POOLER_PORT:
        connection.prepare_threshold = None
    else:
        await connection.execute(_SETTINGS)


def is_pooled(connection: Connection) -> bool:
    """Whether a pooler stands between us and the server: each transaction may be on another connection."""
    return connection.prepare_threshold is None


@dataclass(frozen=True, slots=True)
class Way:
    """What lies between us and the server."""

    is_local: bool
    """A socket of this machine, or its loopback address."""
    is_pooled: bool
    is_encrypted: bool
    """As far as the pooler, if there is one: it hides the rest of the way."""


def way_of(connection: Connection) -> Way:
    info = connection.info
    is_local = info.host.startswith("/") or info.hostaddr in ("127.0.0.1", "::1")
    return Way(is_local, is_pooled(connection), bool(connection.pgconn.ssl_in_use))


def was_cut(connection: Connection) -> bool:
    """Whether an idle connection has gone meanwhile: nothing was asked, so that what can be read is its end."""
    if connection.closed:
        return True
    readable, _, _ = select.select([connection.pgconn.socket], [], [], 0)
    return bool(readable)
