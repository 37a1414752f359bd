"""Every error as a page, for whoever asked for a page; the sign-in for whoever must sign in first."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ttsqueue.api.identity.identity import Identity
from ttsqueue.api.request_log import REQUEST_ID
from ttsqueue.web.problem_words import problem_of
from ttsqueue.web.rendering import problem_page
from ttsqueue.web.within import came_from

_REPLACED = (b"content-length", b"content-type", b"www-authenticate", b"cache-control")


class ProblemPages:
    """ASGI middleware around everything: an error's JSON becomes HTML, whichever layer made it."""

    def __init__(self, app: ASGIApp, identity: Identity) -> None:
        self._app = app
        self._identity = identity

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/api/") or not _wants_a_page(scope):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        await self._app(scope, receive, _Answer(send, partial(self._page, connection)).send)

    def _page(self, connection: HTTPConnection, start: Message, error: Mapping[str, Any]) -> Response:
        status = start["status"]
        if status == 401:
            response = self._sign_in(connection)
        else:
            request_id = Headers(raw=start["headers"]).get(REQUEST_ID, "")
            response = problem_page(self._identity, connection, problem_of(status, error, request_id))
        response.raw_headers += [pair for pair in start["headers"] if pair[0].lower() not in _REPLACED]
        return response

    def _sign_in(self, connection: HTTPConnection) -> Response:
        door = "/sign-in" if self._identity.pairing is None else "/pair"
        return RedirectResponse(f"{door}?next={quote(_back_to(connection))}", 303, {"Cache-Control": "no-store"})


class _Answer:
    """Passes everything on; an error's JSON, which comes in one piece, as the page that `page` makes of it."""

    def __init__(self, send: Send, page: Callable[[Message, Mapping[str, Any]], Response]) -> None:
        self._send = send
        self._page = page
        self._start: Message | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_problem(message):
            self._start = message
            return
        if self._start is not None:
            start, self._start = self._start, None
            error = _error_in(message.get("body", b""))
            if error is not None:
                page = self._page(start, error)
                start = {**start, "status": page.status_code, "headers": page.raw_headers}
                message = {**message, "body": page.body}
            await self._send(start)
        await self._send(message)


def _is_problem(start: Message) -> bool:
    kind = Headers(raw=start["headers"]).get("content-type", "")
    return start["status"] >= 400 and kind.startswith("application/json")


def _error_in(body: bytes) -> Mapping[str, Any] | None:
    said = json.loads(body) if body else None
    return said if isinstance(said, dict) and {"error", "code"} <= said.keys() else None


def _wants_a_page(scope: Scope) -> bool:
    return "text/html" in Headers(scope=scope).get("accept", "")


def _back_to(connection: HTTPConnection) -> str:
    """Where to go on after signing in; what a form held has to be sent again."""
    if connection.scope["method"] != "GET":
        return came_from(connection.headers)
    query = connection.url.query
    return f"{connection.url.path}?{query}" if query else connection.url.path
