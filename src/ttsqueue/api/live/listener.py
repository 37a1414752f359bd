"""One connection's part in the events: which jobs it has yet to be told about."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interest:
    """One job; or all jobs of a user; or, with neither, everybody's."""

    job_id: str | None = None
    user_id: str | None = None


class Listener:
    """Holds ids, each once, and no states: a reader that is slow for an hour costs no more than one that is quick."""

    def __init__(self, interest: Interest) -> None:
        self.interest = interest
        self.must_start_anew = True
        """The current state of everything that it may see is due."""
        self.is_over = False
        """The server stops."""
        self._due: dict[str, None] = {}
        self._awake = asyncio.Event()

    def tell(self, job_ids: Iterable[str]) -> None:
        """These changed."""
        self._due.update(dict.fromkeys(job_ids))
        self._awake.set()

    def start_anew(self) -> None:
        """Changes may have gone by."""
        self.must_start_anew = True
        self._awake.set()

    def end(self) -> None:
        self.is_over = True
        self._awake.set()

    def take(self) -> str | None:
        """The id that has waited longest."""
        job_id = next(iter(self._due), None)
        if job_id is not None:
            del self._due[job_id]
        return job_id

    async def wait(self, seconds: float) -> None:
        """Until there is something new, at most so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._awake.wait()
        self._awake.clear()
