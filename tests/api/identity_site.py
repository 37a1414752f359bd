"""A server with every way to sign in, spoken to over ASGI."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse

from ttsqueue.api.caller import Caller
from ttsqueue.api.identity.identity import Identity
from ttsqueue.api.problems import answer_problems
from ttsqueue.api.routes import session


@dataclass(frozen=True)
class _Site:
    identity: Identity


def make_client(identity: Identity, *, base_url: str = "http://127.0.0.1", source: str = "127.0.0.1") -> AsyncClient:
    """A browser of its own, coming from that address. `/change` is something that changes when it is POSTed."""
    server = FastAPI()
    server.state.site = _Site(identity)
    server.include_router(session.router)
    server.add_api_route("/change", _change, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    answer_problems(server)
    transport = ASGITransport(server, raise_app_exceptions=False, client=(source, 1))
    return AsyncClient(transport=transport, base_url=base_url)


async def _change(request: Request) -> JSONResponse:
    caller: Caller = await request.app.state.site.identity.identify(request)
    return JSONResponse({"userId": caller.user_id, "isAdmin": caller.is_admin, "isService": caller.is_service})


def connection(kind: str = "http", method: str = "GET", **headers: str) -> HTTPConnection:
    """A request or WebSocket with these headers, `_` for `-`."""
    pairs = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    scope = {"type": kind, "headers": pairs, "client": ("127.0.0.1", 1)}
    return HTTPConnection(scope | ({"method": method} if kind == "http" else {}))
