"""From a command to an opened queue and back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from ttsqueue.app import App
    from ttsqueue.settings import Settings

T = TypeVar("T")


def with_app(task: Callable[[App], Awaitable[T]], settings: Settings | None = None) -> T:
    """Open what the settings name, do the task, close it again."""
    return asyncio.run(_session(task, settings))


async def _session(task: Callable[[App], Awaitable[T]], settings: Settings | None) -> T:
    from ttsqueue.app import open_app

    async with open_app(settings) as app:
        return await task(app)
