"""The worker process that `speak` starts for itself: a real one, restarted when it dies."""

from __future__ import annotations

import asyncio
import os
import sys
from secrets import token_hex
from subprocess import DEVNULL, PIPE, Popen
from tempfile import TemporaryFile
from typing import IO, NoReturn

from ttsqueue.cli.left_behind import SPEAK
from ttsqueue.errors import TTSQueueError
from ttsqueue.queue import TTSQueue

RESTART_AFTER = (0.1, 1.0, 3.0, 10.0)
"""Seconds before each new start; after the last one we give up."""
LOOK_EVERY = 0.1
PATIENCE = 10.0
"""Seconds that a worker gets to hand back its job."""


class WorkerGone(TTSQueueError):
    """The worker process ended again and again."""

    code = "worker_gone"


class HiredWorker:
    """Works with the same settings as we do. It also stops when this process is killed: its stdin closes then."""

    def __init__(self, queue: TTSQueue) -> None:
        self.name = f"{SPEAK}{os.getpid()}-{token_hex(3)}"
        self._queue = queue

    async def run(self) -> NoReturn:
        """Keep a worker alive until this task is cancelled. WorkerGone when it does not stay alive."""
        with TemporaryFile() as log:
            for pause in (0.0, *RESTART_AFTER):
                await asyncio.sleep(pause)
                await self._one_life(log)
                await self._queue.release_worker(self.name)
            times = len(RESTART_AFTER) + 1
            raise WorkerGone(f"The worker process ended {times} times; its last words: {_last_line(log)}")

    async def _one_life(self, log: IO[bytes]) -> None:
        process = self._start(log)
        try:
            await _ended(process)
        finally:
            await _stop(process)

    def _start(self, log: IO[bytes]) -> Popen[bytes]:
        command = [sys.executable, "-P", "-m", "ttsqueue.cli", "work", "--name", self.name, "--until-stdin-closes"]
        # Its own session: Ctrl-C is for us, and we tell the worker. A file, because its children may outlive a pipe.
        return Popen(command, stdin=PIPE, stdout=DEVNULL, stderr=log, start_new_session=True)


def _last_line(log: IO[bytes]) -> str:
    log.seek(0)
    lines = log.read().decode(errors="replace").splitlines()
    return next((line for line in reversed(lines) if line.strip()), "none.")


async def _ended(process: Popen[bytes]) -> None:
    # asyncio's own processes count as running while a child of theirs holds a pipe.
    while process.poll() is None:  # noqa: ASYNC110
        await asyncio.sleep(LOOK_EVERY)


async def _stop(process: Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
    try:
        await asyncio.wait_for(_ended(process), PATIENCE)
    except TimeoutError:
        process.kill()
        await _ended(process)
    if process.stdin is not None:
        process.stdin.close()
