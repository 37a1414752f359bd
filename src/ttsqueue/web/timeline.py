"""What happened to a book, step by step, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ttsqueue.jobs import JobStatus
from ttsqueue.records import ChapterRecord, StateChange


@dataclass(frozen=True, slots=True)
class Step:
    """One line."""

    at: datetime
    words: str


def timeline_of(history: Sequence[StateChange], chapters: Sequence[ChapterRecord]) -> tuple[Step, ...]:
    """Changes of state and finished chapters, oldest first."""
    steps = [Step(change.at, _change_in_words(change)) for change in history]
    steps += [_spoken(chapter, chapter.finished_at) for chapter in chapters if chapter.finished_at]
    return tuple(sorted(steps, key=lambda step: step.at))


def _spoken(chapter: ChapterRecord, at: datetime) -> Step:
    return Step(at, f"Chapter {chapter.index + 1} spoken")


def _change_in_words(change: StateChange) -> str:
    if change.status is JobStatus.PROCESSING:
        return f"Taken up, {change.reason}" if change.reason else "Taken up"
    if change.status is JobStatus.PENDING:
        return _WAITS.get(change.reason, "Waits again")
    return _ENDS[change.status]


_WAITS = {
    "": "Handed in",
    "retried": "Waits to be tried again, after an error",
    "handed_back": "Waits again: the worker gave it back",
    "lost": "Waits again: the worker was lost",
    "retried by hand": "Waits again, on request",
    "moved": "Moved here from another store",
}

_ENDS = {
    JobStatus.COMPLETED: "Done",
    JobStatus.FAILED: "Stopped by an error",
    JobStatus.CANCELLED: "Stopped on request",
}
