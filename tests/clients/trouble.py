"""A real server behind a network in trouble: the first part of the path names the trouble."""

from __future__ import annotations

from collections import Counter

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

KINDS = {
    "busy-once",
    "busy-retry",
    "lost-answer",
    "always-busy",
    "always-busy-for-long",
    "limited",
    "silent",
    "no-queue",
    "broken-proxy",
    "cut",
}


class Trouble:
    """Counts what came, by trouble."""

    def __init__(self, server: ASGIApp) -> None:
        self.server = server
        self.requests: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind, _, rest = str(scope.get("path", "")).lstrip("/").partition("/")
        if kind not in KINDS:
            await self.server(scope, receive, send)
            return
        self.requests[kind] += 1
        scope = {**scope, "path": f"/{rest}", "raw_path": f"/{rest}".encode()}
        is_first = self.requests[kind] == 1
        if kind == "lost-answer" and is_first:
            await self.server(scope, receive, _nowhere)
        if kind == "silent":
            await _until_left(receive)
        elif kind == "cut":
            await self.server(scope, receive, _cut_after_one_event(send))
        else:
            await (_answer(kind, is_first) or self.server)(scope, receive, send)


def _answer(kind: str, is_first: bool) -> Response | None:
    if kind == "no-queue":
        return HTMLResponse("<h1>A home page</h1>")
    if kind == "broken-proxy":
        return HTMLResponse("<h1>Bad gateway</h1>", 502)
    if kind == "limited":
        return _problem(429, "limit_reached", 3600)
    if kind == "always-busy-for-long":
        return _problem(503, "store_unavailable", 20)
    if kind in ("busy-retry", "always-busy"):
        return _problem(503, "store_unavailable", 0)
    return _problem(503, "store_unavailable", 1) if is_first else None


def _problem(status: int, code: str, retry_after: int) -> Response:
    body = {"error": "Not now.", "code": code, "details": []}
    return JSONResponse(body, status, {"Retry-After": str(retry_after)})


async def _nowhere(_: Message) -> None:
    """The answer gets lost."""


async def _until_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _cut_after_one_event(send: Send) -> Send:
    """The connection ends after the first part of the body that holds a job."""
    is_cut = False

    async def cut(message: Message) -> None:
        nonlocal is_cut
        if is_cut:
            raise OSError("cut")
        is_cut = b'"job"' in message.get("body", b"")
        await send({**message, "more_body": not is_cut} if message["type"] == "http.response.body" else message)

    return cut
