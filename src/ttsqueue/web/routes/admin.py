"""/admin: how the queue is, and what those who keep it running can do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ttsqueue.api.caller import Caller
from ttsqueue.api.routes.admin import Span
from ttsqueue.api.site import TheSite
from ttsqueue.errors import Forbidden
from ttsqueue.web.admin_address import Asked, read_asked
from ttsqueue.web.admin_bulk import fulfil, preview, read_wish
from ttsqueue.web.admin_limits import UnreadableLimits, limit_fields, read_limits
from ttsqueue.web.admin_page import look
from ttsqueue.web.admin_said import reset_word, what_was_done
from ttsqueue.web.page_caller import TheVisitor, sent_form
from ttsqueue.web.rendering import page


async def the_admin(caller: TheVisitor) -> Caller:
    """Forbidden for all others."""
    if not caller.is_admin:
        raise Forbidden("This page is for those who keep the queue running. Your own books are under My books.")
    return caller


TheAdmin = Annotated[Caller, Depends(the_admin)]
router = APIRouter(prefix="/admin", include_in_schema=False, dependencies=[Depends(the_admin)])


async def the_asked(words: Annotated[str, Query(alias="q")] = "", span: str = "", cursor: str = "") -> Asked:
    return read_asked(words, span, cursor)


@router.get("")
async def show(
    request: Request, site: TheSite, admin: TheAdmin, asked: Annotated[Asked, Depends(the_asked)], did: str = ""
) -> Response:
    seen = await look(site.app, asked)
    return page(request, admin, "admin.html", here="admin", seen=seen, spans=list(Span), said=what_was_done(did))


@router.post("/pause")
async def pause(request: Request, site: TheSite) -> Response:
    """Books that are being spoken go on."""
    await site.app.queue.pause()
    return await _back(request, "pause")


@router.post("/resume")
async def resume(request: Request, site: TheSite) -> Response:
    await site.app.queue.resume()
    return await _back(request, "resume")


@router.post("/reset-stuck")
async def reset_stuck(request: Request, site: TheSite) -> Response:
    """Books whose worker fell silent long ago wait again, now rather than with the workers' next round."""
    return await _back(request, reset_word(await site.app.queue.reset_stuck_jobs()))


@router.get("/limits")
async def show_limits(request: Request, site: TheSite, admin: TheAdmin, server: str = "") -> Response:
    """What a server may be asked, to be changed. ServerNotFound."""
    report, asked = await site.app.servers.report(server), _asked_in(request.query_params)
    fields = limit_fields(report.limits)
    return page(request, admin, "admin_limits.html", here="admin", report=report, asked=asked, fields=fields)


@router.post("/limits")
async def change_limits(request: Request, site: TheSite, admin: TheAdmin) -> Response:
    """Those that were typed, or back to those of the file. ServerNotFound."""
    form = await sent_form(request)
    name, of_file = str(form.get("server") or ""), form.get("which") == "file"
    try:
        limits = None if of_file else read_limits(form)
    except UnreadableLimits as error:
        report, asked = await site.app.servers.report(name), _asked_in(form)
        fields, values = error.fields, {"report": report, "asked": asked}
        return page(request, admin, "admin_limits.html", 422, here="admin", fields=fields, **values)
    await site.app.servers.set_limits(name, limits)
    did = "limits-of-file" if of_file else "limits"
    return RedirectResponse(_asked_in(form).address("servers", did=did), 303)


@router.get("/confirm")
async def confirm(request: Request, site: TheSite, admin: TheAdmin) -> Response:
    """How many books it would be; nothing is changed."""
    asked = request.query_params
    wish = read_wish(asked, datetime.now(UTC))
    back = _asked_in(asked)
    seen = await preview(site.app, wish)
    return page(request, admin, "admin_confirm.html", here="admin", preview=seen, wish=wish, asked=back)


@router.post("/jobs")
async def change(request: Request, site: TheSite) -> Response:
    """Do it, then show the same list."""
    form = await sent_form(request)
    wish = read_wish(form, datetime.now(UTC))
    result = await fulfil(site, wish)
    return RedirectResponse(_asked_in(form).address(did=f"{wish.name}-{result.changed}-{result.refused}"), 303)


async def _back(request: Request, did: str) -> Response:
    return RedirectResponse(_asked_in(await sent_form(request)).address(did=did), 303)


def _asked_in(form: ImmutableMultiDict[str, Any]) -> Asked:
    return read_asked(str(form.get("q") or ""), str(form.get("span") or ""), str(form.get("cursor") or ""))
