"""A server on loopback with tokens of two users and a key of an application's server."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from starlette.types import ASGIApp

from tests.api.access_tokens import SECRET, by_secret
from ttsqueue.api.identity.key_text import digest_of, new_key
from ttsqueue.api.opening import make_application, open_site
from ttsqueue.app import App
from ttsqueue.server_keys import ServerKey
from ttsqueue.server_settings import load_server_settings
from ttsqueue.settings import load_settings

from .compiler import Compiler, installed
from .node_programs import Programs, compiled
from .trouble import Trouble

ADA = "00000000-0000-4000-8000-00000000000a"
BEN = "00000000-0000-4000-8000-00000000000b"
TOKENS = {"ADA_TOKEN": ADA, "BEN_TOKEN": BEN}


@dataclass(frozen=True, slots=True)
class Running:
    """A server that listens."""

    app: App
    trouble: Trouble
    address: str
    key: str
    """Of an application's server, with admin rights."""

    @property
    def given(self) -> dict[str, str]:
        """What programs of users get to know of it."""
        return {"SERVER": self.address, "ADA": ADA} | {name: by_secret(sub=user) for name, user in TOKENS.items()}


@pytest.fixture(scope="session")
def compiler(tmp_path_factory: pytest.TempPathFactory) -> Compiler:
    own = tmp_path_factory.getbasetemp()
    of_this_run = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    return installed(of_this_run / "typescript-compiler")


@pytest.fixture(scope="session")
def programs(compiler: Compiler, tmp_path_factory: pytest.TempPathFactory) -> Programs:
    return compiled(compiler, tmp_path_factory.mktemp("typescript"))


@pytest.fixture
async def server(tmp_path: Path) -> AsyncGenerator[Running, None]:
    settings = load_settings({"TTSQUEUE_DATA": tmp_path / "data"})
    server_settings = load_server_settings({"TTSQUEUE_AUTH": "jwt", "TTSQUEUE_JWT_SECRET": SECRET})
    async with open_site(settings, server_settings) as site:
        key = new_key()
        await site.app.queue.provider.add_key(ServerKey("an application", digest_of(key), is_admin=True))
        trouble = Trouble(make_application(site, server_settings))
        async with _listening(trouble) as address:
            yield Running(site.app, trouble, address, key)


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
