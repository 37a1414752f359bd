"""One transaction: its operations are sent without waiting for answers in between."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import psycopg
from psycopg import AsyncCursor
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow

from ttsqueue.providers.postgres.connection import Connection, is_pooled
from ttsqueue.providers.postgres.operation import Errand, Rows, Values
from ttsqueue.providers.postgres.sql import query


@dataclass(frozen=True, slots=True)
class Part:
    """Statements of a batch, and who waits for the rows of the last."""

    statements: Sequence[tuple[str, Values]]
    errands: Sequence[Errand]

    @property
    def may_be_lost(self) -> bool:
        return all(errand.operation.may_be_lost for errand in self.errands)

    def answer(self, rows: Rows) -> None:
        """Each errand gets the rows of its own job."""
        if len(self.errands) == 1:
            self.errands[0].settle(rows)
        else:
            by_id = {row["id"]: [row] for row in rows}
            for errand in self.errands:
                errand.settle(by_id.get(_values(errand)["id"], []))


def may_be_fused(errands: Sequence[Errand]) -> bool:
    """Not when two want the same job: the second must see what the first did."""
    return len({_values(errand)["id"] for errand in errands}) == len(errands) > 1


def fused(for_many: str, errands: Sequence[Errand]) -> Part:
    """One statement for all of them."""
    columns = {name: [_values(errand)[name] for errand in errands] for name in _values(errands[0])}
    return Part([(for_many, columns)], errands)


def _values(errand: Errand) -> Values:
    return errand.operation.statements[0][1]


class Batch:
    """The parts of one transaction."""

    def __init__(self, connection: Connection, parts: Sequence[Part], calls: Sequence[str] = ()) -> None:
        """`calls` are announced behind the commit, in the same round trip."""
        self._connection = connection
        self._parts = parts
        self._calls = calls

    async def commit(self) -> None:
        """Fills in result or error of each errand. psycopg.Error: nothing was committed, or nobody knows."""
        try:
            cursors = await (self._alone() if self._is_one_statement() else self._pipelined())
            answers = [await _rows(cursor) for cursor in cursors]
        except psycopg.Error:
            await self._roll_back()
            raise
        for part, rows in zip(self._parts, answers, strict=True):
            part.answer(rows)

    def _is_one_statement(self) -> bool:
        first, *more = self._parts
        is_plain = len(first.statements) == 1 and not first.may_be_lost and not self._calls
        return is_plain and not more and not is_pooled(self._connection)

    async def _alone(self) -> list[AsyncCursor[DictRow]]:
        """A statement by itself is its own transaction."""
        ((name, values),) = self._parts[0].statements
        return [await self._connection.execute(query(name), values)]

    async def _pipelined(self) -> list[AsyncCursor[DictRow]]:
        cursors: list[AsyncCursor[DictRow]] = []
        async with self._connection.pipeline():
            await self._connection.execute("BEGIN")
            if is_pooled(self._connection):
                await self._connection.execute("SET LOCAL tts.quiet = 'on'")
            if all(part.may_be_lost for part in self._parts):
                await self._connection.execute("SET LOCAL synchronous_commit = off")
            for part in self._parts:
                for name, values in part.statements:
                    cursor = await self._connection.execute(query(name), values)
                cursors.append(cursor)
            await self._connection.execute("COMMIT")
            if self._calls:
                await self._connection.execute(query("notify"), {"payloads": self._calls})
        return cursors

    async def _roll_back(self) -> None:
        with suppress(psycopg.Error):
            if self._connection.info.transaction_status != TransactionStatus.IDLE:
                await self._connection.execute("ROLLBACK")


async def _rows(cursor: AsyncCursor[DictRow]) -> Rows:
    return await cursor.fetchall() if cursor.description else []
