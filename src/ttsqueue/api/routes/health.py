"""/healthz and /readyz, for whoever restarts servers and sends them traffic."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import JSONResponse

from ttsqueue.api.schemas.job import Done
from ttsqueue.api.schemas.problem import refusals
from ttsqueue.api.site import TheSite

router = APIRouter(tags=["health"])


@router.get("/healthz", response_model=Done)
async def healthz() -> JSONResponse:
    """This process answers."""
    return JSONResponse({"success": True})


@router.get("/readyz", response_model=Done, responses=refusals())
async def readyz(site: TheSite) -> JSONResponse:
    """The job store answers too."""
    await site.app.queue.is_paused()
    return JSONResponse({"success": True})
