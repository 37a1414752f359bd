"""The API as clients meet it: the real queue and store, spoken to over ASGI."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient

from ttsqueue.api.caller import Caller
from ttsqueue.api.identity.identity import Identity
from ttsqueue.api.identity.server_keys import ServerKeys
from ttsqueue.api.limits import Limits
from ttsqueue.api.live import Live
from ttsqueue.api.live.hub import Hub
from ttsqueue.api.live.tickets import Tickets
from ttsqueue.api.origins import Addresses
from ttsqueue.api.server import make_server
from ttsqueue.api.signing import AudioLinks, load_secret
from ttsqueue.api.site import Site
from ttsqueue.app import App, open_app
from ttsqueue.settings import load_settings

OWNER = "00000000-0000-4000-8000-00000000000a"
STRANGER = "00000000-0000-4000-8000-00000000000b"
ADMIN = Caller(OWNER, is_admin=True)

ClientOf = Callable[[Caller], AsyncClient]


@pytest.fixture
async def app(tmp_path: Path) -> AsyncGenerator[App, None]:
    async with open_app(load_settings({"TTSQUEUE_DATA": tmp_path / "data"})) as app:
        yield app


def make_site(app: App, caller: Caller) -> Site:
    """A site on which everybody is this caller; its live events are not running."""
    links = AudioLinks(load_secret(app.settings.data))
    identity = Identity(ServerKeys(app.queue.provider), local=caller)
    live = Live(Hub(app.queue, links), Tickets(links.secret), Addresses(frozenset(), frozenset()))
    return Site(app, identity, Limits(app.queue), links, live)


@pytest.fixture
async def client_of(app: App) -> AsyncGenerator[ClientOf, None]:
    async with AsyncExitStack() as stack:

        def make(caller: Caller) -> AsyncClient:
            transport = ASGITransport(make_server(make_site(app, caller)), raise_app_exceptions=False)
            client = AsyncClient(transport=transport, base_url="http://127.0.0.1")
            stack.push_async_callback(client.aclose)
            return client

        yield make


@pytest.fixture
def client(client_of: ClientOf) -> AsyncClient:
    return client_of(ADMIN)
