"""One transaction: its operations are sent without waiting for answers in between."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import psycopg
from psycopg import AsyncCursor
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow

from ttsqueue.providers.postgres.connection import Connection
from ttsqueue.providers.postgres.operation import Errand, Operation, Rows, TryAgain
from ttsqueue.providers.postgres.sql import query

Sent = tuple[Sequence[Errand], AsyncCursor[DictRow]]


class Batch:
    """Operations with those who wait for them; of a fused one each gets its part of the rows by its own `answer`."""

    def __init__(self, connection: Connection, work: Sequence[tuple[Operation[Any], Sequence[Errand]]]) -> None:
        self._connection = connection
        self._work = work

    async def commit(self) -> None:
        """Fills in result or error of each errand. psycopg.Error or TryAgain: nothing was committed."""
        try:
            sent = await (self._alone() if self._is_one_statement() else self._pipelined())
            answers = [(errands, await _rows(cursor)) for errands, cursor in sent]
        except psycopg.Error:
            await self._roll_back()
            raise
        for errands, rows in answers:
            for errand in errands:
                errand.settle(rows)
                if isinstance(errand.error, TryAgain):
                    raise errand.error

    def _is_one_statement(self) -> bool:
        ((operation, _), *more) = self._work
        return not more and len(operation.statements) == 1 and not operation.may_be_lost

    async def _alone(self) -> list[Sent]:
        """A statement by itself is its own transaction."""
        ((operation, errands),) = self._work
        ((name, values),) = operation.statements
        return [(errands, await self._connection.execute(query(name), values))]

    async def _pipelined(self) -> list[Sent]:
        sent: list[Sent] = []
        async with self._connection.pipeline():
            await self._connection.execute("BEGIN")
            if all(operation.may_be_lost for operation, _ in self._work):
                await self._connection.execute("SET LOCAL synchronous_commit = off")
            for operation, errands in self._work:
                for name, values in operation.statements:
                    cursor = await self._connection.execute(query(name), values)
                sent.append((errands, cursor))
            await self._connection.execute("COMMIT")
        return sent

    async def _roll_back(self) -> None:
        with suppress(psycopg.Error):
            if self._connection.info.transaction_status != TransactionStatus.IDLE:
                await self._connection.execute("ROLLBACK")


async def _rows(cursor: AsyncCursor[DictRow]) -> Rows:
    return await cursor.fetchall() if cursor.description else []
