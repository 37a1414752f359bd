"""Plain words for lengths of time and for what is happening to a book."""

from __future__ import annotations

import unicodedata

from ttsqueue.jobs import Job, JobStatus


def length(seconds: float) -> str:
    """`40 s`, `41 min`, `5 h 41 min`."""
    if seconds < 59.5:
        return f"{round(seconds)} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes else ""]
    return " ".join(part for part in parts if part)


def counted(number: int, noun: str) -> str:
    """`1 book`, `2 books`, `1,200 books`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def are(number: int) -> str:
    """What follows `1 book`, or `2 books`."""
    return "is" if number == 1 else "are"


def printable(text: str) -> str:
    """The text on one line, without what a terminal would take for a command."""
    return "".join(" " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter for letter in text).strip()


def what_happens(job: Job) -> str:
    """What is happening to the book: `Speaking chapter 3 of 15, about 4 min left`."""
    match job.status:
        case JobStatus.PENDING:
            return f"Waiting to be tried again: {job.last_error}" if job.last_error else "Waiting"
        case JobStatus.PROCESSING:
            return f"{_doing(job)}{_time_left(job)}"
        case JobStatus.COMPLETED:
            return f"Done, plays {length(job.result.total_duration)}" if job.result else "Done"
        case JobStatus.FAILED:
            return f"Failed: {job.error_message or job.last_error or 'no reason is known'}"
        case JobStatus.CANCELLED:
            return "Cancelled"


def waiting(books_before: int, paused: bool) -> str:
    """Why nothing happens yet."""
    if paused:
        return "Waiting: the queue is paused, 'ttsqueue resume' lets it go on"
    if books_before:
        return f"Waiting - {counted(books_before, 'book')} before this one"
    return "Waiting"


def _doing(job: Job) -> str:
    return job.progress_message.replace("Processing chapter", "Speaking chapter") or "Speaking"


def _time_left(job: Job) -> str:
    if job.eta_seconds is None:
        return ""
    return f", about {length(job.eta_seconds)} left" if job.eta_seconds >= 1 else ", nearly done"
