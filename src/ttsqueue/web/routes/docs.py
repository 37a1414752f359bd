"""/docs: the API for people, made from its own description."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response

from ttsqueue.errors import Unauthenticated
from ttsqueue.web.page_caller import the_visitor
from ttsqueue.web.reference import reference
from ttsqueue.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def show(request: Request) -> Response:
    """Open to everybody, as /openapi.json is."""
    try:
        caller = await the_visitor(request)
    except Unauthenticated:
        caller = None
    server: FastAPI = request.app
    return page(request, caller, "docs.html", here="docs", groups=reference(server.openapi()))
