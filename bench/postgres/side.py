"""What every side of the comparison can do."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

TEXT = "A kilobyte of text. " * 51
"""What every job carries."""

OnJob = Callable[[str], None]


class Side(Protocol):
    """One queue, open on one database. `mark` tells jobs apart."""

    name: str
    unfinished: str
    """SQL: how many jobs the store still has to see done."""

    async def add(self, mark: str) -> float | None:
        """Where another process does it: when it began, by time.perf_counter()."""
        ...

    async def add_many(self, number: int) -> None:
        """In the way that its authors mean for many at once."""
        ...

    def worker(self, concurrency: int, on_job: OnJob) -> AbstractAsyncContextManager[None]:
        """Its own worker, with its own defaults, whose handler does nothing but say the mark."""
        ...


class PostgresSide(Side, Protocol):
    async def add_text(self, text: str) -> None:
        """A job that carries this instead of TEXT."""
        ...


class Opened(Protocol):
    """A side on the database of this URL."""

    def __call__(self, url: str, *, is_new: bool = True) -> AbstractAsyncContextManager[PostgresSide]:
        """In a new database it makes its tables first."""
        ...
