"""Errors as HTTP answers: one table, one shape. Nothing but the sentence of an error of ours leaves the process."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Match, Mount

from ttsqueue import errors

_log = logging.getLogger(__name__)

STATUS: Mapping[type[errors.TTSQueueError], int] = {
    errors.InvalidJob: 422,
    errors.BookError: 422,
    errors.IdempotencyMismatch: 422,
    errors.JobNotFound: 404,
    errors.ServerNotFound: 404,
    errors.NotCancellable: 409,
    errors.NotRetryable: 409,
    errors.NotDeletable: 409,
    errors.DuplicateJob: 409,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.TooLarge: 413,
    errors.LimitReached: 429,
    errors.RateLimited: 429,
    errors.EngineError: 503,
    errors.StoreError: 503,
}
"""The nearest ancestor counts; an error that is not here is a fault of ours: 500."""

_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")

_RETRY_SOON = 5
"""Seconds, for who must come back and nobody knows when."""


def problem(status: int, code: str, message: str, details: Sequence[Any] = (), **headers: str) -> JSONResponse:
    """The one shape of every error."""
    body = {"error": message, "code": code, "details": list(details)}
    return JSONResponse(body, status, {name.replace("_", "-"): value for name, value in headers.items()})


def answer_problems(server: FastAPI) -> None:
    """From now on every error of this server has our shape."""
    server.add_exception_handler(errors.TTSQueueError, _ours)  # type: ignore[arg-type]
    server.add_exception_handler(RequestValidationError, _malformed)  # type: ignore[arg-type]
    server.add_exception_handler(HTTPException, _http)  # type: ignore[arg-type]
    server.add_exception_handler(Exception, _unexpected)


def status_of(error: errors.TTSQueueError) -> int:
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


async def _ours(request: Request, error: errors.TTSQueueError) -> JSONResponse:
    status = status_of(error)
    if status == 500:
        return await _unexpected(request, error)
    if status == 503:
        _log.warning("%s: %s", error.code, error)
    return problem(status, error.code, _sentence(error), _details(error), **_headers(error, status))


def _sentence(error: errors.TTSQueueError) -> str:
    if isinstance(error, errors.StoreError):  # it names files and hosts of the server
        return "The job store does not answer; try again in a moment."
    return str(error)


def _details(error: errors.TTSQueueError) -> list[Any]:
    if isinstance(error, errors.DuplicateJob | errors.NotCancellable | errors.NotRetryable | errors.NotDeletable):
        return [{"jobId": error.job_id, "status": error.status}]
    return []


def _headers(error: errors.TTSQueueError, status: int) -> dict[str, str]:
    if status == 401:
        return {"WWW_Authenticate": "Bearer"}
    wish = getattr(error, "retry_after", None)
    if status in (429, 503):
        return {"Retry_After": str(math.ceil(wish.total_seconds()) if wish else _RETRY_SOON)}
    return {}


async def _malformed(_: Request, error: RequestValidationError) -> JSONResponse:
    details = [{"where": _where(fault["loc"]), "what": _what(fault["msg"])} for fault in error.errors()]
    first = details[0]
    return problem(400, "malformed", f"The request is malformed: {first['where']}: {first['what']}.", details[:20])


def _where(location: Sequence[Any]) -> str:
    """`body.chapters.3.text`"""
    return ".".join(str(part) for part in location)


def _what(message: str) -> str:
    return message.removeprefix("Value error, ")


async def _http(request: Request, error: HTTPException) -> JSONResponse:
    code, message = _WORDS.get(error.status_code, ("http_error", str(error.detail)))
    response = problem(error.status_code, code, message)
    response.headers.update(error.headers or {})
    if error.status_code == 405:
        response.headers["Allow"] = ", ".join(sorted(_methods(request)))
    return response


def _methods(request: Request) -> set[str]:
    """Of all routes at this address; the router itself names only those of the first."""
    routes = [route for route in request.app.routes if not isinstance(route, Mount)]
    return {
        method
        for method in _METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    }


_WORDS = {
    400: ("malformed", "The request is malformed."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take that method."),
}


async def _unexpected(_: Request, error: Exception) -> JSONResponse:
    _log.error("request failed", exc_info=error)
    return problem(500, "internal_error", "Something went wrong here; the log of the server knows more.")
