"""How much a server may be asked. Pure."""

from __future__ import annotations

from dataclasses import dataclass

MOST = 1_000_000_000
"""No limit is higher; who wants more wants none."""

_MINUTE = 60.0
_MARGIN = 1.08
"""Calls arrive less evenly than they start: with it, one of ten calls a second may come 0.19 s late before a second
sees more than one too many.
"""


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """Over all workers on all machines; None is no limit."""

    max_concurrent: int | None = None
    """Calls at the same time."""
    calls_per_second: float | None = None
    calls_per_minute: float | None = None
    characters_per_minute: float | None = None

    def spacing(self, characters: int) -> float:
        """Seconds from the start of a call of so many characters to the start of the next.

        Calls are spread evenly: a burst that a limit over a minute would allow is what servers answer with 429.
        """
        gaps = [0.0]
        if self.calls_per_second:
            gaps.append(1 / self.calls_per_second)
        if self.calls_per_minute:
            gaps.append(_MINUTE / self.calls_per_minute)
        if self.characters_per_minute:
            gaps.append(_MINUTE * characters / self.characters_per_minute)
        return max(gaps) * _MARGIN
