"""Ctrl-C and SIGTERM: the first asks to stop, the second ends the process at once."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from typing import Any


class Interruption:
    """Cancels a task when it is called, and ends the process when it is called again."""

    def __init__(self, task: asyncio.Task[Any], exit_code: int) -> None:
        self.asked = False
        self._task = task
        self._exit_code = exit_code

    def __call__(self) -> None:
        if self.asked:
            os._exit(self._exit_code)
        self.asked = True
        self._task.cancel()


async def interruptible(
    work: Coroutine[Any, Any, None], exit_code: int, listen: Callable[[Interruption], None] | None = None
) -> bool:
    """Do the work until it ends or somebody interrupts it; True if it was interrupted.

    `exit_code` is for the process that is interrupted twice; `listen` may find further reasons to interrupt.
    """
    task = asyncio.ensure_future(work)
    interruption = Interruption(task, exit_code)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, interruption)
    if listen is not None:
        listen(interruption)
    try:
        await task
    except asyncio.CancelledError:
        if not interruption.asked:
            raise
    return interruption.asked
