"""A server on loopback that knows three callers, and programs that speak to it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp

from tests.api.conftest import make_site
from ttsqueue.api.caller import Caller
from ttsqueue.api.live import Live, open_live
from ttsqueue.api.routes import books, events, preview, voices
from ttsqueue.api.server import make_server
from ttsqueue.api.site import Site
from ttsqueue.app import App, open_app
from ttsqueue.errors import Unauthenticated
from ttsqueue.settings import load_settings

from .node_programs import Programs, compile_into
from .trouble import Trouble

ADA = "00000000-0000-4000-8000-00000000000a"
BEN = "00000000-0000-4000-8000-00000000000b"
CALLERS = {"ada": Caller(ADA), "ben": Caller(BEN), "server-key": Caller(None, is_service=True, is_admin=True)}


@dataclass(frozen=True, slots=True)
class Running:
    """A server that listens."""

    app: App
    trouble: Trouble
    address: str


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Programs:
    return compile_into(tmp_path_factory.mktemp("typescript"))


@pytest.fixture
async def server(tmp_path: Path) -> AsyncGenerator[Running, None]:
    async with open_app(load_settings({"TTSQUEUE_DATA": tmp_path / "data"})) as app:
        site = replace(make_site(app, CALLERS["ada"]), identify=_identify)
        async with open_live(app.queue, site.audio_links) as live:
            trouble = Trouble(_server(site, live))
            async with _listening(trouble) as address:
                yield Running(app, trouble, address)


def _server(site: Site, live: Live) -> FastAPI:
    server = make_server(site)
    for routes in (books, events, preview, voices):
        server.include_router(routes.router)
    server.dependency_overrides[events.the_live] = lambda: live
    return server


async def _identify(connection: HTTPConnection) -> Caller:
    token = connection.headers.get("Authorization", "").removeprefix("Bearer ")
    if token not in CALLERS:
        raise Unauthenticated("No such token.")
    return CALLERS[token]


@asynccontextmanager
async def _listening(application: ASGIApp) -> AsyncGenerator[str, None]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(application, log_config=None, ws="none", timeout_graceful_shutdown=1))
        serving = asyncio.create_task(server.serve([listener]))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving
