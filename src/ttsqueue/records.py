"""What a store remembers of a job beside its state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ttsqueue.jobs import JobStatus
from ttsqueue.result import FinishedChapter


@dataclass(frozen=True, slots=True)
class ChapterRecord:
    """One chapter as the store knows it; `finished` is None until it has been spoken."""

    index: int
    chapter_id: str
    title: str
    characters: int
    finished: FinishedChapter | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One claim and how it ended. `outcome` is None while it runs.

    Else one of completed, failed, retried, handed_back, lost (stuck or taken over), cancelled.
    """

    number: int
    worker_id: str
    started_at: datetime
    ended_at: datetime | None = None
    outcome: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class StateChange:
    """One step of a job's life."""

    at: datetime
    status: JobStatus
    reason: str = ""
