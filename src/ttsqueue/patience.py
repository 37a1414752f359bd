"""For how long a store that does not answer is asked again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Patience:
    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._is_lost = False

    def lasts(self, seconds: float) -> bool:
        """Whether for so many."""
        return not self._is_lost and seconds <= self._seconds

    @contextmanager
    def lost(self) -> Iterator[None]:
        """Meanwhile nobody asks again: somebody wants an end."""
        self._is_lost = True
        try:
            yield
        finally:
            self._is_lost = False
