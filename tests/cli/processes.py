"""Which processes belong to a test?"""

from __future__ import annotations

import time
from collections.abc import Callable

import psutil

from .program import Program


def processes_of(program: Program) -> list[psutil.Process]:
    """All that were started in its folder; a worker's new title hides its environment."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.cwd() == str(program.here) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def workers_of(program: Program) -> list[psutil.Process]:
    return [process for process in processes_of(program) if _works(process)]


def _works(process: psutil.Process) -> bool:
    try:
        return process.cmdline()[:1] == ["tts-worker"]
    except psutil.Error:  # it ended just now
        return False


def eventually(is_so: Callable[[], bool], within: float = 10.0) -> None:
    """Wait until it is so; fail when it does not come."""
    deadline = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < deadline, "this did not come about in time"
        time.sleep(0.05)
