"""The worker process that `speak` starts for itself; one that does not stay alive is given up."""

from __future__ import annotations

import asyncio
import os
from secrets import token_hex
from tempfile import TemporaryFile
from typing import IO, NoReturn

from ttsqueue.cli.left_behind import SPEAK
from ttsqueue.errors import TTSQueueError
from ttsqueue.queue import TTSQueue
from ttsqueue.supervisor import live

RESTART_AFTER = (0.1, 1.0, 3.0, 10.0)
"""Seconds before each new start; after the last one we give up."""


class WorkerGone(TTSQueueError):
    """The worker process ended again and again."""

    code = "worker_gone"


class HiredWorker:
    """Somebody is waiting for it: when it cannot work, they are told its last words."""

    def __init__(self, queue: TTSQueue) -> None:
        self.name = f"{SPEAK}{os.getpid()}-{token_hex(3)}"
        self._queue = queue

    async def run(self) -> NoReturn:
        """Keep a worker alive until this task is cancelled. WorkerGone when it does not stay alive."""
        with TemporaryFile() as log:
            for pause in (0.0, *RESTART_AFTER):
                await asyncio.sleep(pause)
                await live(self.name, log)
                await self._queue.release_worker(self.name)
            times = len(RESTART_AFTER) + 1
            raise WorkerGone(f"The worker process ended {times} times; its last words: {_last_line(log)}")


def _last_line(log: IO[bytes]) -> str:
    log.seek(0)
    lines = log.read().decode(errors="replace").splitlines()
    return next((line for line in reversed(lines) if line.strip()), "none.")
