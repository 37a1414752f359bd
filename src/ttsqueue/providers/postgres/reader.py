"""Reading over a few connections of its own: readers never wait for a writer's commit."""

from __future__ import annotations

import psycopg
from psycopg.rows import DictRow
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from ttsqueue.providers.postgres.connection import OPTIONS, PATIENCE, Connection, Way, settle_in, was_cut, way_of
from ttsqueue.providers.postgres.faults import explained
from ttsqueue.providers.postgres.operation import Row, Rows, Values
from ttsqueue.providers.postgres.sql import query, query_for_count

MOST_CONNECTIONS = 4

_TRIES = 3


class Reader:
    """A small pool. Every failed read is tried again on another connection: reading twice does no harm."""

    def __init__(self, url: str) -> None:
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            kwargs=OPTIONS,
            configure=settle_in,
            min_size=1,
            max_size=MOST_CONNECTIONS,
            timeout=PATIENCE,
            check=_check,
            open=False,
            name="ttsqueue-readers",
        )

    async def open(self) -> None:
        await self._pool.open()

    async def aclose(self) -> None:
        await self._pool.close()

    async def one(self, name: str, values: Values) -> Row | None:
        found = await self.all(name, values)
        return found[0] if found else None

    async def all(self, name: str, values: Values) -> Rows:
        """StoreUnavailable."""
        return await self._fetch(query(name), values)

    async def way(self) -> Way:
        """How we reach the server. StoreUnavailable."""
        try:
            async with self._pool.connection() as connection:
                return way_of(connection)
        except (psycopg.Error, PoolTimeout, PoolClosed) as error:
            raise explained(error) from error

    async def count(self, name: str, values: Values) -> int:
        """How many rows the query would bring."""
        return int((await self._fetch(query_for_count(name), values))[0]["number"])

    async def _fetch(self, statement: str, values: Values) -> list[DictRow]:
        for tries_left in reversed(range(_TRIES)):
            try:
                async with self._pool.connection() as connection:
                    return await (await connection.execute(statement, values)).fetchall()
            except (psycopg.Error, PoolTimeout, PoolClosed) as error:
                is_lost = isinstance(error, psycopg.OperationalError) and not isinstance(
                    error, PoolTimeout | PoolClosed
                )
                if not tries_left or not is_lost:
                    raise explained(error) from error
        raise AssertionError


async def _check(connection: Connection) -> None:
    """Costs no round trip. Closed, or the pool would hand the same one out again."""
    if was_cut(connection):
        await connection.close()
        raise psycopg.OperationalError("the connection is closed")
