"""One write, as a value: what to send, and what its answer means."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

T = TypeVar("T")

Row = Mapping[str, Any]
Rows = Sequence[Row]
Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Operation(Generic[T]):
    """Statements of one transaction, by name. `answer` reads the rows of the last, or raises what they mean."""

    statements: tuple[tuple[str, Values], ...]
    answer: Callable[[Rows], T]
    changed: Callable[[T], Sequence[str]] = lambda _: ()
    """Ids of the jobs that look different now."""
    wakes: bool = False
    """A waiting worker should look."""
    for_many: str | None = None
    """The statement that does this for many jobs at once: the same values, each as a list; every row has its `id`."""
    may_be_lost: bool = False
    """Losing it in a crash of the server is no loss: the next one says the same."""

    @property
    def job_ids(self) -> Sequence[str]:
        """Of the jobs that it is about, as far as they are known before the answer is."""
        found = self.statements[0][1].get("id")
        if isinstance(found, list):
            return [str(job_id) for job_id in found]
        return [] if found is None else [str(found)]

    @property
    def weight(self) -> int:
        """Characters of the texts of books."""
        payload = self.statements[-1][1].get("payload", "")
        return sum(map(len, payload)) if isinstance(payload, list) else len(str(payload))


@dataclass(slots=True)
class Errand:
    """An operation under way."""

    operation: Operation[Any]
    future: asyncio.Future[Any]
    result: Any = None
    error: Exception | None = field(default=None)

    def settle(self, rows: Rows) -> None:
        self.error = None
        try:
            self.result = self.operation.answer(rows)
        except Exception as error:
            self.error = error


def one(name: str, values: Values) -> tuple[tuple[str, Values], ...]:
    return ((name, values),)
