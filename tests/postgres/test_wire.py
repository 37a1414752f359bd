"""What goes over one connection: many statements with one send, transaction by transaction."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest

from ttsqueue.providers.postgres.batch import Batch, Part
from ttsqueue.providers.postgres.connection import connect
from ttsqueue.providers.postgres.operation import Errand, Operation, Rows
from ttsqueue.providers.postgres.wire import Wire


@pytest.fixture
async def wire(plain: psycopg.Connection, url: str) -> AsyncIterator[Wire]:
    connection = await connect(url)
    yield Wire(connection)
    await connection.close()


def note(name: str, text: str | None = "") -> tuple[str, dict[str, object]]:
    return "write_first_note", {"name": name, "text": text}


def refused() -> tuple[str, dict[str, object]]:
    return note("without a text", None)


async def sent_and_received(wire: Wire, statement: tuple[str, dict[str, object]]) -> None:
    await wire.send([statement])
    await wire.receive()


def notes(plain: psycopg.Connection) -> list[str]:
    return [name for (name,) in plain.execute("SELECT name FROM tts_notes ORDER BY name")]


async def test_a_statement_takes_small_numbers_and_large_ones_in_any_order(wire: Wire) -> None:
    """psycopg sends a number in as few bytes as it needs, and the server holds a prepared statement to its types."""
    for number in (1, 100_000, 1, 10_000_000_000):
        await wire.send([("claim", {"limit": number, "worker": "w"})])
        assert await wire.receive() == [[]]
    await wire.send([("claim", {"limit": None, "worker": "w"})])
    assert await wire.receive() == [[]]


async def test_a_transaction_that_is_refused_takes_no_other_with_it(wire: Wire, plain: psycopg.Connection) -> None:
    await wire.send([note("one")], [note("two"), refused(), note("three")], [note("four")])
    assert len(await wire.receive()) == 1
    with pytest.raises(psycopg.errors.NotNullViolation):
        await wire.receive()
    assert len(await wire.receive()) == 1
    assert notes(plain) == ["four", "one"]


async def test_after_a_refusal_the_same_statements_go_on(wire: Wire, plain: psycopg.Connection) -> None:
    """Also those that were prepared in the transaction that failed, or behind the failure."""
    await wire.send([refused(), note("lost")])
    with pytest.raises(psycopg.errors.NotNullViolation):
        await wire.receive()
    for name in ("one", "two"):
        await sent_and_received(wire, note(name))
    assert notes(plain) == ["one", "two"]


async def test_what_follows_a_refused_batch_gets_answers_of_its_own(wire: Wire, plain: psycopg.Connection) -> None:
    """Behind a commit goes an announcement, whose answer is read also when nothing was committed."""

    def batch(name: str, text: str | None) -> tuple[Batch, Errand]:
        waits: asyncio.Future[Rows] = asyncio.get_running_loop().create_future()
        errand = Errand(Operation((note(name, text),), lambda rows: rows), waits)
        return Batch(wire, [Part(errand.operation.statements, [errand])], ["!"]), errand

    bad, _ = batch("bad", None)
    with pytest.raises(psycopg.errors.NotNullViolation):
        await bad.commit()
    good, errand = batch("good", "")
    await good.commit()
    await good.announced()
    assert errand.result == [{"version": 1}]
    assert notes(plain) == ["good"]


async def test_a_connection_that_was_ended_raises_and_is_broken(wire: Wire, plain: psycopg.Connection) -> None:
    await wire.send([("now", {})])
    ((row,),) = await wire.receive()
    assert row["now"].tzinfo is not None
    plain.execute("SELECT pg_terminate_backend(%s)", [wire.connection.info.backend_pid])
    with pytest.raises(psycopg.OperationalError):
        await sent_and_received(wire, note("one"))
    assert wire.is_broken
    assert notes(plain) == []
