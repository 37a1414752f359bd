"""What went wrong, in the words of pages. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_HEADINGS = {
    403: "Not yours to do",
    404: "There is nothing here",
    405: "That does not work here",
    408: "That took too long",
    409: "Not any more",
    413: "Too large",
    421: "Not under this name",
    429: "Enough for now",
    500: "Something went wrong here",
    503: "Not available at the moment",
}

_HEADINGS_BY_CODE = {"job_not_found": "This book is not here"}

_SENTENCES = {
    "not_found": "The address may be mistyped, or what was here is gone.",
    "job_not_found": "It may have been deleted, or it belongs to somebody else. Nothing of yours is lost.",
    "not_cancellable": "This book has come to its end already; there is nothing to stop.",
    "not_retryable": "Only books that failed or were stopped can be tried again.",
    "not_deletable": "This book still waits or is being spoken; stop it first, then delete it.",
    "duplicate_job": "This book is being made already.",
    "malformed": "What was sent could not be read; go back, reload the page and try again.",
    "method_not_allowed": "This address does not take what was sent; begin again from one of the pages below.",
}
"""By code, where the API's own sentence speaks of jobs and requests."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A page that says no."""

    status: int
    heading: str
    sentence: str
    book_id: str | None = None
    """The book that it is about, where it can still be looked at."""
    request_id: str | None = None
    """For whoever reads the log; only where the fault is ours."""


def problem_of(status: int, body: Mapping[str, Any], request_id: str) -> Problem:
    """Out of an error of the API: `{"error", "code", "details"}`."""
    code = body["code"]
    return Problem(
        status,
        _HEADINGS_BY_CODE.get(code) or _HEADINGS.get(status, "That did not work"),
        _SENTENCES.get(code, body["error"]),
        next((str(detail["jobId"]) for detail in body.get("details", ()) if "jobId" in detail), None),
        request_id if status >= 500 else None,
    )
