"""Which process is this, and does that one still live?

Start times are counted from boot where the kernel tells them so: wall-clock ones move when the clock is set.
"""

from __future__ import annotations

import os
import socket
from enum import Enum, auto
from pathlib import Path

import psutil

from ttsqueue.workers import WorkerProcess

_PROC = Path("/proc")
_GONE = ("Z", "X")  # killed, but its parent has not looked yet


class Fate(Enum):
    """What can be said about another process from here."""

    ALIVE = auto()
    DEAD = auto()
    UNKNOWN = auto()
    """It runs on another host or in another container, or ran before a reboot."""


def this_process() -> WorkerProcess:
    """Who we are."""
    pid = os.getpid()
    return WorkerProcess(socket.gethostname(), _boot_id(), _pid_namespace(), pid, _started(pid) or 0.0)


def fate_of(process: WorkerProcess, here: WorkerProcess) -> Fate:
    """A pid that was given to another program since counts as dead."""
    if (process.host, process.boot_id, process.pid_namespace) != (here.host, here.boot_id, here.pid_namespace):
        return Fate.UNKNOWN
    return Fate.ALIVE if _started(process.pid) == process.started else Fate.DEAD


def _boot_id() -> str:
    try:
        return (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return str(int(psutil.boot_time()))


def _pid_namespace() -> str:
    try:
        return str((_PROC / "self/ns/pid").readlink())
    except OSError:
        return ""


def _started(pid: int) -> float | None:
    """Start time in seconds; None when there is no such process."""
    if (_PROC / "self/stat").exists():
        return _started_by_proc(pid)
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.NoSuchProcess:
        return None


def _started_by_proc(pid: int) -> float | None:
    try:
        # The program's name, in parentheses, may hold spaces and parentheses itself.
        state, *fields = (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(") ")[2].split()
    except OSError:
        return None
    return None if state in _GONE else int(fields[18]) / os.sysconf("SC_CLK_TCK")
