"""What a worker needs to know of the settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """See the settings of the same names."""

    name: str | None
    """None stands for the name of the host."""
    slots: int
    """Jobs side by side."""
    poll_interval: timedelta
    heartbeat_interval: timedelta
    stuck_after: timedelta
