"""How many of something each user holds open. In this process alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class OpenDoors:
    """Counts what is open."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def number(self, who: str) -> int:
        return self._open[who]

    @contextmanager
    def one(self, who: str) -> Iterator[None]:
        """One more, until the block ends."""
        self._open[who] += 1
        try:
            yield
        finally:
            self._open[who] -= 1
            if not self._open[who]:
                del self._open[who]
