"""/sign-in, /pair and /sign-out: how people come in, and leave.

These forms carry no CSRF token where no session is yet; that no other site sends them is seen to by the check of
Origin, which stands in front of everything.
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ttsqueue.api.caller import Caller
from ttsqueue.api.identity.identified import Identified, Proof
from ttsqueue.api.identity.identity import Identity
from ttsqueue.api.problems import status_of
from ttsqueue.api.routes.session import TheIdentity
from ttsqueue.errors import Forbidden, LimitReached, TTSQueueError, Unauthenticated
from ttsqueue.web.page_caller import CSRF_FIELD, check_form, sent_form
from ttsqueue.web.rendering import page
from ttsqueue.web.within import within_site

router = APIRouter(include_in_schema=False)

_REFUSED = (Forbidden, LimitReached, Unauthenticated)


@router.get("/sign-in")
async def ask_for_token(request: Request, identity: TheIdentity, next: str = "/") -> Response:  # noqa: A002 - in the address
    if _is_in(request, identity):
        return RedirectResponse(within_site(next), 303)
    if identity.pairing is not None:
        return RedirectResponse(request.url.replace(path="/pair"), 303)
    ended = Unauthenticated("Your session has ended; sign in again.") if identity.has_left(request) else None
    return _form(request, "sign_in.html", within_site(next), ended, 200)


@router.post("/sign-in")
async def sign_in(request: Request, identity: TheIdentity) -> Response:
    """Turn an access token into a session, as POST /api/tts/session does."""
    form = await sent_form(request)
    then = within_site(str(form.get("next") or "/"))
    try:
        caller = (await identity.bearer(str(form.get("token") or "").strip())).caller
        return _let_in(identity, caller, then)
    except _REFUSED as error:
        return _form(request, "sign_in.html", then, error, status_of(error))


@router.get("/pair")
async def ask_for_code(request: Request, identity: TheIdentity, next: str = "/") -> Response:  # noqa: A002 - in the address
    if _is_in(request, identity):
        return RedirectResponse(within_site(next), 303)
    if identity.pairing is None:
        return RedirectResponse(request.url.replace(path="/sign-in"), 303)
    return _form(request, "pair.html", within_site(next), None, 200)


@router.post("/pair")
async def pair(request: Request, identity: TheIdentity) -> Response:
    """Let this device in, as POST /api/tts/pair does."""
    form = await sent_form(request)
    then = within_site(str(form.get("next") or "/"))
    try:
        return _let_in(identity, identity.check_pairing(str(form.get("code") or ""), request), then)
    except _REFUSED as error:
        return _form(request, "pair.html", then, error, status_of(error))


@router.post("/sign-out")
async def sign_out(request: Request, identity: TheIdentity) -> Response:
    """Forget the session in this browser."""
    response = RedirectResponse("/sign-in", 303)
    session = identity.session(request)
    if session is None or identity.sessions is None:
        return response
    form = await sent_form(request)
    token = identity.sessions.csrf_token(session)
    check_form(request, Identified(session.caller, Proof.COOKIE, token), form.get(CSRF_FIELD))
    identity.sessions.clear(response)
    return response


def _is_in(request: Request, identity: Identity) -> bool:
    return identity.local is not None or identity.session(request) is not None


def _form(request: Request, template: str, then: str, error: TTSQueueError | None, status: int) -> Response:
    return page(request, None, template, status, here="sign-in", error=error, next=then)


def _let_in(identity: Identity, caller: Caller, then: str) -> Response:
    """Forbidden."""
    sessions, session = identity.begin_session(caller)
    response = RedirectResponse(then, 303, {"Cache-Control": "no-store"})
    sessions.write(response, session)
    return response
