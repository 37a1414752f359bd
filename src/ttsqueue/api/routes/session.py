"""/api/tts/session and /api/tts/pair: how browsers sign in, and out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse

from ttsqueue.api.caller import Caller
from ttsqueue.api.identity.identified import Identified, Proof
from ttsqueue.api.identity.identity import CSRF_HEADER, Identity
from ttsqueue.api.schemas.job import Done
from ttsqueue.api.schemas.problem import refusals
from ttsqueue.api.schemas.session import CodeIn, SignedIn, TokenIn, WhoAmI
from ttsqueue.errors import Unauthenticated

router = APIRouter(prefix="/api/tts", tags=["session"])

_NOT_KEPT = {"Cache-Control": "no-store"}


def the_identity(connection: HTTPConnection) -> Identity:
    identity: Identity = connection.app.state.site.identity
    return identity


TheIdentity = Annotated[Identity, Depends(the_identity)]


@router.post("/session", response_model=SignedIn, responses=refusals(400, 403, 413))
async def sign_in(request: Request, identity: TheIdentity, body: TokenIn | None = None) -> JSONResponse:
    """Turn an access token, sent as bearer or in the body, into a session cookie that ends with it."""
    identified = await _shown(request, identity, body)
    if identified.by is Proof.LOCAL:
        return JSONResponse({"success": True, "csrfToken": None}, headers=_NOT_KEPT)
    if identified.by is Proof.COOKIE:
        raise Unauthenticated("Send the access token of a user, as bearer or as `token`.")
    return _signed_in(identity, identified.caller)


@router.get("/session", response_model=WhoAmI, responses=refusals())
async def who_am_i(request: Request, identity: TheIdentity) -> JSONResponse:
    """Who sends this request, and the CSRF token of their session."""
    identified = await identity.who(request)
    caller = identified.caller
    body = {
        "userId": caller.user_id,
        "isAdmin": caller.is_admin,
        "isPremium": caller.is_premium,
        "csrfToken": identified.csrf_token,
    }
    return JSONResponse(body, headers=_NOT_KEPT)


@router.delete("/session", response_model=Done, responses=refusals(403))
async def sign_out(request: Request, identity: TheIdentity) -> JSONResponse:
    """Forget the session in this browser. Signing out when nobody is signed in is fine."""
    response = JSONResponse({"success": True}, headers=_NOT_KEPT)
    if identity.sessions is None:
        return response
    session = identity.session(request)
    if session is not None:
        token = identity.sessions.csrf_token(session)
        Identified(session.caller, Proof.COOKIE, token).check_csrf(request.headers.get(CSRF_HEADER))
    identity.sessions.clear(response)
    return response


@router.post("/pair", response_model=SignedIn, responses=refusals(400, 403, 413, 429))
async def pair(request: Request, identity: TheIdentity, body: CodeIn) -> JSONResponse:
    """Let this device in, with the code that `ttsqueue up --lan` shows, for 30 days."""
    return _signed_in(identity, identity.check_pairing(body.code, request))


async def _shown(request: Request, identity: Identity, body: TokenIn | None) -> Identified:
    if body is not None and identity.local is None:
        return await identity.bearer(body.token)
    return await identity.who(request)


def _signed_in(identity: Identity, caller: Caller) -> JSONResponse:
    sessions, session = identity.begin_session(caller)
    response = JSONResponse({"success": True, "csrfToken": sessions.csrf_token(session)}, headers=_NOT_KEPT)
    sessions.write(response, session)
    return response
