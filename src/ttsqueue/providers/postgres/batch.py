"""One transaction: its operations are sent without waiting for answers in between."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

import psycopg

from ttsqueue.providers.postgres.connection import is_pooled
from ttsqueue.providers.postgres.operation import Errand, Rows, Values
from ttsqueue.providers.postgres.wire import Wire


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
            by_id = {str(row["id"]): [row] for row in rows}
            for errand in self.errands:
                errand.settle(by_id.get(str(_values(errand)["id"]), []))


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
    """The parts of one transaction, sent together with what is announced behind it."""

    def __init__(self, wire: Wire, parts: Sequence[Part], calls: Sequence[str] = ()) -> None:
        self._wire = wire
        self._parts = parts
        self._calls = calls

    async def commit(self) -> None:
        """Fills in result or error of each errand. psycopg.Error: nothing was committed, or nobody knows."""
        settings = self._settings() if self._parts else []
        own: list[tuple[str, Values]] = [statement for part in self._parts for statement in part.statements]
        announcing: list[tuple[str, Values]] = [("notify", {"payloads": self._calls})] if self._calls else []
        await self._wire.send(*(it for it in ([*settings, *own], announcing) if it))
        if not own:
            return
        try:
            answers = iter((await self._wire.receive())[len(settings) :])
        except psycopg.Error:
            with suppress(psycopg.Error):
                await self.announced()
            raise
        for part in self._parts:
            *_, rows = islice(answers, len(part.statements))
            part.answer(rows)

    async def announced(self) -> None:
        """Until the announcement is out. psycopg.Error when it is not."""
        if self._calls:
            self._calls = ()
            await self._wire.receive()

    def _settings(self) -> list[tuple[str, Values]]:
        """Of this transaction alone."""
        quiet: list[tuple[str, Values]] = [("be_quiet", {})] if is_pooled(self._wire.connection) else []
        return [*quiet, ("wait_for_no_disk", {})] if all(part.may_be_lost for part in self._parts) else quiet
