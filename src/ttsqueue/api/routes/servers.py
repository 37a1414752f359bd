"""/api/tts/servers: how the TTS servers are doing, and what they may be asked."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import JSONResponse

from ttsqueue.api.routes.admin import ADMINS_ONLY
from ttsqueue.api.schemas.problem import refusals
from ttsqueue.api.schemas.servers import LimitsWire, ServerOut, ServersOut
from ttsqueue.api.site import TheSite
from ttsqueue.servers.server_view import server_view

router = APIRouter(prefix="/api/tts/servers", tags=["operators"], dependencies=ADMINS_ONLY)


@router.get("", response_model=ServersOut, responses=refusals(403))
async def get_servers(site: TheSite) -> JSONResponse:
    """The TTS servers of servers.toml, as all workers together know them. For admins."""
    return JSONResponse({"servers": [server_view(report) for report in await site.app.servers.reports()]})


@router.put("/{name}/limits", response_model=ServerOut, responses=refusals(400, 403, 404, 415))
async def set_limits(site: TheSite, name: str, limits: LimitsWire) -> JSONResponse:
    """What a server may be asked from now on, by all workers, instead of what servers.toml says.

    What is left out has no limit. It holds within a second, and until it is deleted. For admins.
    """
    return JSONResponse(server_view(await site.app.servers.set_limits(name, limits.limits())))


@router.delete("/{name}/limits", response_model=ServerOut, responses=refusals(403, 404))
async def forget_limits(site: TheSite, name: str) -> JSONResponse:
    """Go back to the limits of servers.toml. For admins."""
    return JSONResponse(server_view(await site.app.servers.set_limits(name, None)))
