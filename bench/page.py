"""An open page, as light as can be: a WebSocket that notes when messages come. A thousand fit into one process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from urllib.parse import urlsplit

TEXT, CLOSE, PING = 1, 8, 9
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
Heard = Callable[[bytes, float], None]
"""Takes a message and the moment it came, by time.perf_counter()."""


class Page(asyncio.Protocol):
    def __init__(self, request: bytes, heard: Heard) -> None:
        self.closing_code: int | None = None
        self.closed = asyncio.Event()
        self._request = request
        self._heard = heard
        self._is_open = False
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        self._data += data
        if not self._is_open:
            head, found, rest = self._data.partition(b"\r\n\r\n")
            if not found:
                return
            assert head.startswith(b"HTTP/1.1 101"), head
            self._is_open, self._data = True, rest
        while (frame := self._frame()) is not None:
            self._take(*frame, now)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self.closed.set()

    def leave(self) -> None:
        self._transport.close()

    def _frame(self) -> tuple[int, bytes] | None:
        """The next whole one; servers send them unmasked, and this one sends none in pieces."""
        data = self._data
        if len(data) < 2:
            return None
        kind, length, start = data[0] & 15, data[1], 2
        if length > 125:
            start = 4 if length == 126 else 10
            length = int.from_bytes(data[2:start])
        if len(data) < start + length:
            return None
        self._data = data[start + length :]
        return kind, data[start : start + length]

    def _take(self, kind: int, content: bytes, now: float) -> None:
        if kind == TEXT:
            self._heard(content, now)
        elif kind == PING:
            self._transport.write(bytes((0x8A, 0x80 | len(content), 0, 0, 0, 0)) + content)
        elif kind == CLOSE:
            self.closing_code = int.from_bytes(content[:2])
            self._transport.write(bytes((0x88, 0x80 | len(content), 0, 0, 0, 0)) + content)


async def open_page(address: str, job_id: str, heard: Heard) -> Page:
    """Shows one job of the server at `address`, or all if the id is empty."""
    url = urlsplit(address)
    query = f"?jobId={job_id}" if job_id else ""
    request = (
        f"GET /api/tts/events{query} HTTP/1.1\r\nHost: {url.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    assert url.hostname is not None
    assert url.port is not None
    loop = asyncio.get_running_loop()
    _, page = await loop.create_connection(lambda: Page(request.encode(), heard), url.hostname, url.port)
    return page
