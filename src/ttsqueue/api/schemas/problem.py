"""The one shape of errors."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

_MEANING = {
    400: "The request is malformed.",
    401: "No identity, or one that has expired.",
    403: "Not yours to do.",
    404: "There is no such thing, or it is somebody else's.",
    409: "The job's state does not allow it, or the same book is active already.",
    413: "More bytes than the server takes.",
    415: "Not a type of content that is read here.",
    416: "The file has no such range.",
    422: "Well-formed but wrong.",
    429: "A limit of this user; `Retry-After` says when to come back.",
    503: "The store or the voice does not answer; try again.",
}


class Problem(BaseModel):
    """Every error has this body."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"error": "There is no job 1.", "code": "job_not_found", "details": []}}
    )

    error: str = Field(description="One sentence for a person.")
    code: str = Field(description="One word for a program.")
    details: list[Any] = Field(default=[], description="What exactly is wrong, where there is more to say.")


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors that a route may answer with, for its OpenAPI description; what any route may is added."""
    return {status: {"model": Problem, "description": _MEANING[status]} for status in sorted({401, 503, *statuses})}
