"""What a request may carry: how many bytes, of which type, how slowly. Stands in front of every route."""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import suppress
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ttsqueue.api.problems import problem

UPLOADS = frozenset({"/api/tts/books"})
"""Addresses of the API that take files; all others below /api/ take JSON."""

_JSON = re.compile(r"application/([\w.-]+\+)?json\s*(;|$)", re.IGNORECASE)
_FORM = re.compile(r"multipart/form-data\s*;", re.IGNORECASE)
_SLOWEST_PACE = 1000
"""Bytes per second on average; a body that drips more slowly keeps a connection busy for nothing."""
_LINGER = 2.0
"""Seconds in which the rest of a refused body is thrown away: a client that is still sending when the
connection closes may never see the answer."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a body is not read to its end."""

    status: int
    code: str
    message: str


class Bodies:
    """ASGI middleware. Sizes in bytes; `patience` in seconds without a byte. Refuses with 408, 413 or 415."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        max_body: int,
        max_upload: int,
        patience: float = 30.0,
        uploads: frozenset[str] = frozenset(),
    ) -> None:
        """`uploads` are addresses outside of the API that take files as well."""
        self._app = app
        self._uploads = UPLOADS | uploads
        self._max_body = max_body
        self._max_upload = max_upload
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_upload = scope["path"] in self._uploads
        limit, what = (self._max_upload, "file") if is_upload else (self._max_body, "request")
        body = _Body(receive, limit, what, self._patience)
        body.refusal = _refusal_up_front(scope, limit, what)
        answer = _Answer(send, body)
        if body.refusal is None:
            await self._pass_on(scope, body, answer)
        if body.refusal is not None and not answer.started:
            await _refuse(body.refusal, body, receive, send)

    async def _pass_on(self, scope: Scope, body: _Body, answer: _Answer) -> None:
        try:
            await self._app(scope, body.receive, answer.send)
        except Exception:
            if body.refusal is None or answer.started:
                raise


class _Body:
    """One body on its way in. To the application, one that breaks a rule ends like that of a client that left."""

    def __init__(self, receive: Receive, limit: int, what: str, patience: float) -> None:
        self.refusal: Refusal | None = None
        self.ended = False
        self._receive = receive
        self._limit = limit
        self._what = what
        self._patience = patience
        self._size = 0
        self._waited = 0.0

    async def receive(self) -> Message:
        if self.ended and self.refusal is None:
            return await self._receive()  # from here on only whether the client is still there
        if self.refusal is None:
            try:
                message = await self._in_time()
            except TimeoutError:
                self.refusal = Refusal(408, "too_slow", "The request's body came too slowly and was given up.")
            else:
                self._count(message)
        return message if self.refusal is None else {"type": "http.disconnect"}

    def _count(self, message: Message) -> None:
        self._size += len(message.get("body", b""))
        self.ended = not message.get("more_body", False)
        if self._size > self._limit:
            self.refusal = _too_large(self._limit, self._what)

    async def _in_time(self) -> Message:
        began = time.monotonic()
        left = self._patience + self._size / _SLOWEST_PACE - self._waited
        try:
            async with asyncio.timeout(min(self._patience, left)):
                return await self._receive()
        finally:
            self._waited += time.monotonic() - began  # what we ourselves needed is not the client's fault


class _Answer:
    """The application's answer; it is dropped when the body was refused before it began."""

    def __init__(self, send: Send, body: _Body) -> None:
        self.started = False
        self._send = send
        self._body = body

    async def send(self, message: Message) -> None:
        if self.started or self._body.refusal is None:
            self.started = True
            await self._send(message)


def _refusal_up_front(scope: Scope, limit: int, what: str) -> Refusal | None:
    """What the headers alone say."""
    headers = Headers(scope=scope)
    length = headers.get("content-length", "")
    size = int(length) if length.isascii() and length.isdigit() and len(length) < 20 else 0
    if size > limit or len(length) >= 20:
        return _too_large(limit, what)
    if size == 0 and "transfer-encoding" not in headers:
        return None
    return _wrong_type(scope, headers.get("content-type", ""))


def _wrong_type(scope: Scope, content_type: str) -> Refusal | None:
    path = scope["path"]
    if not path.startswith("/api/") or scope["method"] not in ("POST", "PUT", "PATCH"):
        return None
    if path in UPLOADS:
        wanted, fits = "multipart/form-data", _FORM.match(content_type)
    else:
        wanted, fits = "application/json", _JSON.match(content_type)
    return None if fits else Refusal(415, "wrong_content_type", f"This address reads {wanted}; say so in Content-Type.")


def _too_large(limit: int, what: str) -> Refusal:
    return Refusal(
        413, "too_large", f"This is larger than the {limit / 1e6:,.6g} MB that one {what} may have; it is refused."
    )


async def _refuse(refusal: Refusal, body: _Body, receive: Receive, send: Send) -> None:
    response = problem(refusal.status, refusal.code, refusal.message, Connection="close")
    await send({"type": "http.response.start", "status": refusal.status, "headers": response.raw_headers})
    await send({"type": "http.response.body", "body": response.body, "more_body": True})
    if refusal.status != 408 and not body.ended:
        await _throw_away_the_rest(receive)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _throw_away_the_rest(receive: Receive) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(_LINGER):
            while (await receive()).get("more_body", False):
                pass
