"""Who looks at a page, and whether a form of ours was really sent from one of our pages."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import FormData
from starlette.requests import ClientDisconnect, Request

from ttsqueue.api.caller import Caller
from ttsqueue.api.identity.identified import Identified
from ttsqueue.api.identity.identity import CSRF_HEADER, SAFE_METHODS
from ttsqueue.api.site import the_site
from ttsqueue.errors import Forbidden

CSRF_FIELD = "csrf_token"
MOST_TEXT = 64_000_000
"""Bytes of one field of a multipart form. The server's limit for whole bodies comes first."""

_MOST_FIELDS = 30_000
_MOST_URLENCODED = 1 << 20  # joined piece by piece, which takes the square of its size


async def the_visitor(request: Request) -> Caller:
    """Whoever asks for a page or sends one of its forms, which `sent_form` then returns.

    Unauthenticated; Forbidden for a form without the CSRF token of the session, RequestValidationError for half a form.
    """
    identified = await the_site(request).identity.who(request)
    if request.method not in SAFE_METHODS:
        check_form(request, identified, (await sent_form(request)).get(CSRF_FIELD))
    return identified.caller


TheVisitor = Annotated[Caller, Depends(the_visitor)]


async def sent_form(request: Request) -> FormData:
    """The fields of a form without files, read once."""
    try:
        return await request.form(max_files=0, max_fields=_MOST_FIELDS, max_part_size=_most(request))
    except ClientDisconnect:
        raise RequestValidationError([{"loc": ("body",), "msg": "the form broke off", "type": "form"}]) from None


def check_form(request: Request, identified: Identified, field: object) -> None:
    """Forbidden unless the token of this session came in the form or in the header."""
    try:
        identified.check_csrf(request.headers.get(CSRF_HEADER) or (field if isinstance(field, str) else None))
    except Forbidden:
        raise Forbidden("This form was made for another session; go back, reload the page and send it again.") from None


def _most(request: Request) -> int:
    is_multipart = request.headers.get("content-type", "").lower().startswith("multipart/form-data")
    return MOST_TEXT if is_multipart else _MOST_URLENCODED
