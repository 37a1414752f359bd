"""What the process that parses a stranger's file may use."""

from __future__ import annotations

import contextlib
import os
import resource
import signal

from ttsqueue.books.limits import ReadingLimits

_NICE = 10
_OPEN_FILES = 64


def confine(limits: ReadingLimits) -> None:
    """Lowers this process's priority and bounds its memory, time, files and core dumps, for good.

    A limit that this system does not have is skipped.
    """
    seconds = int(limits.timeout) + 1
    for name, value in (
        ("RLIMIT_AS", limits.memory),
        ("RLIMIT_CPU", seconds),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_NOFILE", _OPEN_FILES),
    ):
        _limit(name, value)
    # Ends this process even when the one that started it is gone.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(seconds)
    with contextlib.suppress(OSError):
        os.nice(_NICE)


def _limit(name: str, value: int) -> None:
    which = getattr(resource, name, None)
    if which is None:
        return
    hard = resource.getrlimit(which)[1]
    bounded = value if hard == resource.RLIM_INFINITY else min(value, hard)
    # macOS has RLIMIT_AS and refuses to set it.
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(which, (bounded, bounded))
