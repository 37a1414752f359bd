"""A real server with live events on a loopback port, in the test's own event loop."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.requests import HTTPConnection
from websockets.asyncio.client import ClientConnection, connect

from ttsqueue.api.caller import Caller
from ttsqueue.api.live import Connected, Live, open_live
from ttsqueue.api.problems import answer_problems
from ttsqueue.api.routes import events
from ttsqueue.api.signing import AudioLinks
from ttsqueue.errors import Unauthenticated
from ttsqueue.queue import TTSQueue

SECRET = b"a secret of all processes of this site"
EVENTS = "/api/tts/events"

Message = dict[str, Any]


@dataclass(frozen=True)
class LiveSite:
    """What the routes need of a site."""

    callers: dict[str, Caller]
    live: Live

    async def identify(self, connection: HTTPConnection) -> Caller:
        """By `Bearer NAME` or a cookie `who=NAME`."""
        name = connection.headers.get("authorization", "").removeprefix("Bearer ") or connection.cookies.get("who", "")
        if name not in self.callers:
            raise Unauthenticated("Sign in first.")
        return self.callers[name]


class StoppingServer(uvicorn.Server):
    """Ends live connections before it waits for them."""

    live: Live

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.live.end()
        await super().shutdown(sockets)


@dataclass(frozen=True)
class Running:
    host: str
    live: Live
    server: StoppingServer
    task: asyncio.Task[None]

    @property
    def http(self) -> str:
        return f"http://{self.host}{EVENTS}"

    def socket(self, query: str = "", who: str | None = "owner", **headers: str) -> connect:
        sent = {**headers} if who is None else {"Authorization": f"Bearer {who}", **headers}
        return connect(f"ws://{self.host}{EVENTS}{query}", additional_headers=sent, compression=None)

    async def stop(self) -> None:
        self.server.should_exit = True
        await self.task


@asynccontextmanager
async def live_server(
    queue: TTSQueue,
    callers: dict[str, Caller],
    origins: frozenset[str] = frozenset(),
    connected: Connected | None = None,
) -> AsyncGenerator[Running, None]:
    links = AudioLinks(SECRET)
    opened = open_live(queue, links, origins) if connected is None else open_live(queue, links, origins, connected)
    async with opened as live:
        application = FastAPI()
        application.state.site = LiveSite(callers, live)
        application.include_router(events.router)
        answer_problems(application)
        listening = socket.create_server(("127.0.0.1", 0))
        server = StoppingServer(uvicorn.Config(application, log_config=None, ws_per_message_deflate=False))
        server.live = live
        task = asyncio.create_task(server.serve([listening]))
        try:
            while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
                await asyncio.sleep(0.005)
            host, port = listening.getsockname()
            yield Running(f"{host}:{port}", live, server, task)
        finally:
            server.should_exit = True
            await task


async def next_message(socket: ClientConnection) -> Message:
    """Within five seconds."""
    async with asyncio.timeout(5):
        message: Message = json.loads(await socket.recv())
        return message


async def closing_code(socket: ClientConnection) -> int | None:
    async with asyncio.timeout(5):
        await socket.wait_closed()
    return socket.close_code
