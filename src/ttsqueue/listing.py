"""Many jobs at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ttsqueue.jobs import Job, JobStatus


@dataclass(frozen=True, slots=True)
class QueueStats:
    """`pending` includes `delayed`."""

    pending: int = 0
    processing: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    delayed: int = 0


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Which jobs a list shows; None means any. The first three are found by index, the others by looking at those."""

    user_id: str | None = None
    work_id: str | None = None
    statuses: frozenset[JobStatus] | None = None
    error_code: str | None = None
    priorities: frozenset[int] | None = None
    created_before: datetime | None = None
    """Aware; the moment itself is left out."""
    text: str | None = None
    """Stands somewhere in the title, in capitals or not."""


@dataclass(frozen=True, slots=True)
class JobPage:
    """Jobs, newest first; `next_cursor` is opaque and None on the last page."""

    jobs: tuple[Job, ...]
    next_cursor: str | None = None
