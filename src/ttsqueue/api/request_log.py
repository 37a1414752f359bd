"""One line in the log for each request, under an id that the answer carries too."""

from __future__ import annotations

import logging
import secrets
import time
from contextvars import ContextVar
from dataclasses import dataclass, field
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ttsqueue.api.problems import problem

REQUEST_ID = "X-Request-ID"

_log = logging.getLogger("ttsqueue.api.requests")
_current: ContextVar[str] = ContextVar("request_id", default="")

_LONGEST_PATH = 300


def current_request_id() -> str:
    """Of the request that is being answered here; empty outside of one."""
    return _current.get()


class RequestLog:
    """The outermost layer: nothing that is answered escapes it, and no error leaves it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(send)
        mark = _current.set(exchange.id)
        try:
            await self._answer(exchange, scope, receive)
        finally:
            _log.info("%s", exchange.line(scope))
            _current.reset(mark)

    async def _answer(self, exchange: _Exchange, scope: Scope, receive: Receive) -> None:
        try:
            await self._app(scope, receive, exchange.send)
        except Exception:
            if exchange.is_complete:
                return  # whoever answered logged it, and raises it for servers that want to know
            _log.exception("request failed")
            if exchange.status is None:
                answer = problem(500, "internal_error", "Something went wrong here; the log of the server knows more.")
                await answer(scope, receive, exchange.send)


@dataclass(slots=True)
class _Exchange:
    """What is known of one answer while it is sent."""

    _send: Send
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    status: int | None = None
    is_complete: bool = False
    _size: int = 0
    _began: float = field(default_factory=time.perf_counter)

    async def send(self, message: Message) -> None:
        match message["type"].removeprefix("websocket."):
            case "http.response.start":
                self.status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = self.id
            case "http.response.body":
                self._size += len(message.get("body", b""))
                self.is_complete = not message.get("more_body", False)
            case "accept":
                self.status = 101
            case "send":
                self._size += len(message.get("bytes") or b"") or len(message.get("text") or "")
        await self._send(message)

    def line(self, scope: Scope) -> str:
        """`ID METHOD PATH STATUS 12.3 ms 456 bytes`. Percent signs keep whatever came from outside on its place."""
        method = scope.get("method", "WEBSOCKET")
        path = quote(scope["path"], errors="replace")[:_LONGEST_PATH]
        spent = (time.perf_counter() - self._began) * 1000
        return f"{self.id} {quote(method)} {path} {self.status or '-'} {spent:.1f} ms {self._size} bytes"
