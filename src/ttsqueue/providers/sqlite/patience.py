"""Waiting for another process's write lock.

SQLite's own busy handler sleeps ever longer, up to 100 ms, so that with eight busy processes some wait for most of a
second. Short naps of random length are nearly fair.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable
from typing import TypeVar

from ttsqueue.providers.sqlite.faults import is_busy

PATIENCE = 5.0
"""Seconds until a locked file counts as unavailable."""

_SHORTEST_NAP = 0.0005
_LONGEST_NAP = 0.01

T = TypeVar("T")


def patiently(action: Callable[[], T]) -> T:
    """Try until the lock is free or patience ends; then sqlite3.OperationalError."""
    deadline = time.monotonic() + PATIENCE
    nap = _SHORTEST_NAP
    while True:
        try:
            return action()
        except sqlite3.OperationalError as error:
            if not is_busy(error) or time.monotonic() >= deadline:
                raise
        time.sleep(random.uniform(nap / 2, nap))  # noqa: S311 - spreads the waiters, guards nothing
        nap = min(nap * 1.5, _LONGEST_NAP)
