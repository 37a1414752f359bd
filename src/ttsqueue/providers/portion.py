"""As many as go well together: into one batch, one statement, one go."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TypeVar

HEAVIEST = 4_000_000
"""Characters of books. What comes behind a portion waits until the server has all of it, over whatever line."""

T = TypeVar("T")


def next_portion(waiting: deque[T], weight: Callable[[T], int], most: int) -> list[T]:
    """Take the first ones of those that wait: at least one, however heavy."""
    portion = [waiting.popleft()]
    total = weight(portion[0])
    while waiting and len(portion) < most:
        total += weight(waiting[0])
        if total > HEAVIEST:
            break
        portion.append(waiting.popleft())
    return portion
