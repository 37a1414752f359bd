"""How far is a book, and how long will it take? Pure."""

from __future__ import annotations

from dataclasses import dataclass

_JOINING = 99
"""Percent; the last one is given when the job completes."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Counted in characters: chapters differ too much in length."""

    total: int
    before: int
    """Spoken in earlier attempts."""

    def percent(self, spoken: int) -> int:
        """`spoken` includes `before`."""
        return min(100 * spoken // self.total, _JOINING) if self.total else 0

    def eta(self, spoken: int, elapsed: float) -> float | None:
        """Seconds until all is spoken, at the pace of this attempt's `elapsed` seconds; None before its first piece."""
        here = spoken - self.before
        return elapsed * (self.total - spoken) / here if here > 0 else None
