"""A task that is cancelled only between the steps that must not stop halfway."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any


class Shelter:
    """`with shelter:` makes such a step of what it runs. As `uninterrupted`, without a task for each step."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._is_inside = False
        self._is_to_end = False

    async def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Do the work. A cancellation takes effect at the end of its step, a second one at once."""
        self._task = asyncio.create_task(work)
        try:
            await asyncio.shield(self._task)
        except asyncio.CancelledError:
            await self._end(self._task)
            raise

    async def _end(self, task: asyncio.Task[None]) -> None:
        self._is_to_end = True
        if not self._is_inside:
            task.cancel()
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()

    def __enter__(self) -> None:
        self._is_inside = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_inside = False
        if self._is_to_end and self._task is not None:
            self._task.cancel()
