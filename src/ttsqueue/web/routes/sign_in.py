"""/sign-in and /pair: who are you?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from ttsqueue.web.rendering import PageRoute, page

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/sign-in")
async def sign_in(request: Request, next: Annotated[str, Query()] = "/") -> Response:  # noqa: A002 - in the address
    return page(request, None, "sign_in.html", here="sign-in", error=None, next=next)


@router.get("/pair")
async def pair(request: Request, code: str = "") -> Response:
    return page(request, None, "pair.html", here="sign-in", error=None, code=code)
