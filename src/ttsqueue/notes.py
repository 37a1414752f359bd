"""Small texts that all processes share. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Note:
    """A text as it stands. What it says is the business of whoever writes it."""

    name: str
    text: str
    """Empty at first."""
    version: int
    """Counts the writes."""
    read_at: datetime
    """By the store's clock, which is the same for all processes."""
