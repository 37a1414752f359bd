"""The connections of one store."""

from __future__ import annotations

from collections.abc import Callable


class Lines:
    """They all lead to one server. When it has become a replica, the ones that only read would never learn of it."""

    def __init__(self) -> None:
        self._leaving: list[Callable[[], None]] = []

    def join(self, leave: Callable[[], None]) -> None:
        self._leaving.append(leave)

    def leave(self) -> None:
        """Away from this server, all of them: the address may lead to another one by now."""
        for leave in self._leaving:
            leave()
