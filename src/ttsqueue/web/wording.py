"""Plain words for what is happening to a book, for lengths of time and for sizes. Pure: the clock is an argument."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ttsqueue.jobs import Job, JobStatus

_SOON = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class State:
    """A state as a badge shows it; `key` names its shape and colour."""

    key: str
    word: str


_STATES = {
    JobStatus.PENDING: State("waiting", "Waiting"),
    JobStatus.PROCESSING: State("speaking", "Speaking"),
    JobStatus.COMPLETED: State("done", "Done"),
    JobStatus.FAILED: State("failed", "Failed"),
    JobStatus.CANCELLED: State("stopped", "Stopped"),
}


def state_of(status: JobStatus) -> State:
    return _STATES[status]


def length(seconds: float) -> str:
    """`40 s`, `41 min`, `5 h 41 min`."""
    if seconds < 59.5:
        return f"{round(seconds)} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes else ""]
    return " ".join(part for part in parts if part)


def clock(seconds: float) -> str:
    """As players write it: `14:02`, `1:02:03`."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def moment(at: datetime) -> str:
    """`24 Nov 2026, 12:01 UTC`; the script shows the reader's own time instead."""
    return f"{at.astimezone(UTC):%-d %b %Y, %H:%M} UTC"


def count(number: int) -> str:
    """`12,400`"""
    return f"{number:,}"


def counted(number: int, noun: str) -> str:
    """`1 chapter`, `12,400 characters`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def size(number: float) -> str:
    """`640 B`, `12 kB`, `200 MB`, `1.5 GB`."""
    for unit in ("B", "kB", "MB"):
        if number < 999.5:
            return f"{round(number)} {unit}"
        number /= 1000
    return f"{number:.1f} GB".replace(".0 ", " ")


def what_happens(job: Job, position: int | None, *, paused: bool, now: datetime) -> str:
    """The sentence at the head of a book's page, without a full stop: `Speaking chapter 3 of 15`."""
    match job.status:
        case JobStatus.PENDING:
            return _waiting(job, position, paused, now)
        case JobStatus.PROCESSING:
            return doing(job)
        case JobStatus.COMPLETED:
            return f"Done · plays {length(job.result.total_duration)}" if job.result else "Done"
        case JobStatus.FAILED:
            return f"Stopped: {_reason(job)}"
        case JobStatus.CANCELLED:
            return "Stopped on request"


def is_delayed(job: Job, now: datetime) -> bool:
    """Whether it must wait for its time, however free the workers are."""
    return job.status is JobStatus.PENDING and job.run_at > now + _SOON


def doing(job: Job) -> str:
    """What a worker is at."""
    said = job.progress_message.strip()
    if not said or said.startswith("Processing chapter"):
        return f"Speaking chapter {max(job.current_chapter, 1)} of {job.total_chapters}"
    return said.rstrip(".…")


def time_left(job: Job) -> str:
    """`about 4 min left`; empty while nothing is known."""
    if job.status is not JobStatus.PROCESSING or job.eta_seconds is None:
        return ""
    return f"about {length(job.eta_seconds)} left" if job.eta_seconds >= 1 else "nearly done"


def what_was_kept(finished: int, total: int) -> str:
    """For a book that stopped on its way: `11 of 15 chapters are safe`."""
    if not finished:
        return "No chapter was finished yet"
    verb = "is" if finished == 1 else "are"
    return f"{finished} of {counted(total, 'chapter')} {verb} safe"


def start_of_a_new_book(waiting: int, *, paused: bool, free_slots: int | None) -> str:
    """When a book that is handed in now will be spoken; `free_slots` is None when no worker runs."""
    if paused:
        return "waits: the queue is paused"
    if free_slots is None:
        return "starts as soon as a worker runs"
    if waiting:
        return f"{counted(waiting, 'book')} before it"
    return "starts at once" if free_slots else "starts after the book that is being spoken"


def outcome(word: str | None) -> str:
    """How an attempt ended, in the words of pages."""
    return "still at it" if word is None else _OUTCOMES.get(word, word)


def window_title(job: Job) -> str:
    """What the browser's tab says: `47 % · The Lighthouse at Noon`."""
    name = title_of(job)
    if job.status is JobStatus.PROCESSING:
        return f"{job.progress_percent} % · {name}"
    return f"{state_of(job.status).word} · {name}"


def title_of(job: Job) -> str:
    return job.title or "Untitled book"


_OUTCOMES = {
    "completed": "finished the book",
    "failed": "failed",
    "retried": "failed, tried again later",
    "handed_back": "given back by the worker",
    "lost": "the worker was lost",
    "cancelled": "stopped on request",
}


def _waiting(job: Job, position: int | None, paused: bool, now: datetime) -> str:
    if is_delayed(job, now):
        return "Waiting to try again" if job.last_error else "Waiting for its time"
    if paused:
        return "Waiting · the queue is paused"
    if position:
        return f"Waiting · {counted(position, 'book')} before yours"
    return "Waiting · yours is next"


def _reason(job: Job) -> str:
    said = job.error_message or job.last_error or "no reason is known"
    return said.strip().rstrip(".")
