"""Many statements in one round trip: written with one send, and their answers read as they come.

psycopg's own pipeline goes through the event loop after each statement, which costs more than what it sends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, Format
from psycopg.pq.abc import PGresult

from ttsqueue.providers.postgres.connection import Connection, is_pooled
from ttsqueue.providers.postgres.operation import Row, Rows, Values
from ttsqueue.providers.postgres.statement import statement

_FAILED = (ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED)


_Kind = tuple[str, tuple[int, ...]]
"""A statement and the types of its values: what is prepared."""


@dataclass(frozen=True, slots=True)
class _Message:
    """A statement with its values as they go over the wire."""

    name: str
    text: bytes
    values: Sequence[Buffer | None]
    types: tuple[int, ...]
    formats: list[Format] | None


@dataclass(frozen=True, slots=True)
class _Sent:
    """What the server will answer to: a statement, or the preparing of one."""

    name: str
    prepares: _Kind | None = None
    prepared_as: bytes = b""


class Wire:
    """What goes over a connection that is used for nothing else meanwhile."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._pgconn = connection.pgconn
        self._values = Transformer(connection)
        self._prepared: dict[_Kind, bytes] = {}
        self._numbers = count(1)
        self._columns: dict[str, tuple[str, ...]] = {}
        self._under_way: list[list[_Sent]] = []

    @property
    def is_broken(self) -> bool:
        return self._pgconn.status != ConnStatus.OK

    async def send(self, *transactions: Sequence[tuple[str, Values]]) -> None:
        """Statements and their values. Then `receive` once for each transaction. psycopg.Error: nothing was sent, or
        nobody knows.
        """
        ready = [[self._ready(name, values) for name, values in statements] for statements in transactions]
        self._pgconn.enter_pipeline_mode()
        for messages in ready:
            self._under_way.append([sent for message in messages for sent in self._put(message)])
            self._pgconn.pipeline_sync()
        while self._pgconn.flush():
            await _may_go_on(self._pgconn.socket, to_write=True)
            self._pgconn.consume_input()

    async def receive(self) -> list[Rows]:
        """What each statement of the next transaction brought: it is committed. psycopg.Error: it is not, or nobody
        knows.
        """
        expected = self._under_way.pop(0)
        try:
            results = await self._results()
        finally:
            if not self._under_way and not self.is_broken:
                with suppress(psycopg.OperationalError):  # it broke in the middle
                    self._pgconn.exit_pipeline_mode()
        found = []
        for sent, result in zip(expected, results, strict=True):
            if sent.prepares is None:
                found.append(self._rows(sent.name, result))
            else:
                self._prepared[sent.prepares] = sent.prepared_as
        return found

    def _ready(self, name: str, values: Values) -> _Message:
        it = statement(name)
        given = self._values.dump_sequence(it.arguments(values), it.formats)
        return _Message(name, it.text, given, tuple(self._values.types or ()), self._values.formats)

    def _put(self, it: _Message) -> list[_Sent]:
        if is_pooled(self.connection):
            self._pgconn.send_query_params(it.text, it.values, it.types, it.formats)
            return [_Sent(it.name)]
        kind = (it.name, it.types)
        if known := self._prepared.get(kind):
            self._pgconn.send_query_prepared(known, it.values, it.formats)
            return [_Sent(it.name)]
        called = f"ttsqueue_{next(self._numbers)}".encode()  # never again: it may be there after a failure
        self._pgconn.send_prepare(called, it.text, it.types)
        self._pgconn.send_query_prepared(called, it.values, it.formats)
        return [_Sent(it.name, kind, called), _Sent(it.name)]

    async def _results(self) -> list[PGresult]:
        """Of one transaction. The first that failed is raised once the others have been read."""
        results: list[PGresult] = []
        try:
            while (result := await self._next()).status != ExecStatus.PIPELINE_SYNC:
                results.append(result)
        except psycopg.OperationalError:
            _raise_first(results)
            raise
        _raise_first(results)
        return results

    async def _next(self) -> PGresult:
        while True:
            while self._pgconn.is_busy():
                await _may_go_on(self._pgconn.socket)
                self._pgconn.consume_input()
            result = self._pgconn.get_result()
            if result is not None:
                return result
            if self.is_broken:
                raise psycopg.OperationalError("the connection is lost")

    def _rows(self, name: str, result: PGresult) -> Rows:
        if not result.ntuples:
            return []
        self._values.set_pgresult(result)
        if name not in self._columns:
            self._columns[name] = tuple((result.fname(number) or b"").decode() for number in range(result.nfields))
        return self._values.load_rows(0, result.ntuples, _row_maker(self._columns[name]))


def _row_maker(columns: tuple[str, ...]) -> Callable[[Sequence[Any]], Row]:
    def row(values: Sequence[Any]) -> Mapping[str, Any]:
        return dict(zip(columns, values, strict=True))

    return row


def _raise_first(results: Sequence[PGresult]) -> None:
    for result in results:
        if result.status in _FAILED:
            raise error_from_result(result)


async def _may_go_on(socket: int, *, to_write: bool = False) -> None:
    """Until something can be read from it; or written to it, too."""
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    loop.add_reader(socket, _settle, ready)
    if to_write:
        loop.add_writer(socket, _settle, ready)
    try:
        await ready
    finally:
        loop.remove_reader(socket)
        if to_write:
            loop.remove_writer(socket)


def _settle(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)
