"""Ctrl-C and SIGTERM: the first asks to stop, the second ends the process at once.

A process that a supervisor of ours keeps is different: a service manager may tell every process of a service to stop,
and then the supervisor tells its own as well. There all signals are one wish, and how long it takes is for the
supervisor to say; that it is gone is another one.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from typing import Any


class Interruption:
    """Cancels a task when asked, and may end the process when asked again."""

    def __init__(self, task: asyncio.Task[Any], exit_code: int) -> None:
        self.asked = False
        self._task = task
        self._exit_code = exit_code

    def ask(self) -> None:
        """Any number of times."""
        if not self.asked:
            self.asked = True
            self._task.cancel()

    def insist(self) -> None:
        """Whoever has asked before has had enough."""
        if self.asked:
            os._exit(self._exit_code)
        self.ask()


async def interruptible(
    work: Coroutine[Any, Any, None], exit_code: int, listen: Callable[[Interruption], None] | None = None
) -> bool:
    """Do the work until it ends or somebody interrupts it; True if it was interrupted.

    `exit_code` is for the process that is interrupted twice. `listen` is for one that has a supervisor, and finds out
    when that is gone.
    """
    task = asyncio.ensure_future(work)
    interruption = Interruption(task, exit_code)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, interruption.insist if listen is None else interruption.ask)
    if listen is not None:
        listen(interruption)
    try:
        await task
    except asyncio.CancelledError:
        if not interruption.asked:
            raise
    return interruption.asked
