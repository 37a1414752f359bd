"""Worker processes of our own: real ones, started again when they die, gone when we are."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import time
from subprocess import DEVNULL, PIPE, Popen
from typing import IO, NoReturn

from ttsqueue.errors import StoreError
from ttsqueue.queue import TTSQueue

RESTART_AFTER = (0.1, 1.0, 3.0, 10.0, 30.0)
"""Seconds before each new start; the last one again and again."""
GOOD_LIFE = 60.0
"""Seconds; a worker that lived so long starts at the first pause again."""
LOOK_EVERY = 0.1
PATIENCE = 10.0
"""Seconds that a worker gets to hand back its job."""

_log = logging.getLogger(__name__)


class Supervisor:
    """Keeps one worker alive, with the same settings as ours."""

    def __init__(self, queue: TTSQueue, name: str) -> None:
        self._queue = queue
        self._name = name

    async def run(self) -> NoReturn:
        """Until this task is cancelled; the worker is stopped then."""
        deaths = 0
        while True:
            born = time.monotonic()
            code = await live(self._name)
            if time.monotonic() - born >= GOOD_LIFE:
                deaths = 0
            pause = RESTART_AFTER[min(deaths, len(RESTART_AFTER) - 1)]
            deaths += 1
            given_back = await self._give_back()
            how = end_of(code)
            _log.warning("the worker %s, jobs given back: %d; it starts again in %g s", how, given_back, pause)
            await asyncio.sleep(pause)

    async def _give_back(self) -> int:
        try:
            return await self._queue.release_worker(self._name)
        except StoreError as error:  # the next worker of this name gives them back when it starts
            _log.warning("jobs of the worker cannot be given back yet: %s", error)
            return 0


def end_of(code: int) -> str:
    """`ended with code 1`, `was killed by SIGKILL`."""
    if code >= 0:
        return f"ended with code {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:  # a real-time signal
        return f"was killed by signal {-code}"


async def live(name: str, log: IO[bytes] | None = None) -> int:
    """One life of a worker process; returns its exit code. It is stopped when this task is cancelled.

    `log` is where its own log goes, by default to ours. It also stops when we are killed: its stdin closes then.
    """
    process = _start(name, log)
    try:
        await _ended(process)
    finally:
        await _stop(process)
    return process.returncode


def _start(name: str, log: IO[bytes] | None) -> Popen[bytes]:
    command = [sys.executable, "-P", "-m", "ttsqueue.cli", "work", "--name", name, "--until-stdin-closes"]
    # Its own session: Ctrl-C is for us, and we tell the worker. No pipe for the log: its children may outlive one.
    return Popen(command, stdin=PIPE, stdout=DEVNULL, stderr=log, start_new_session=True)


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
