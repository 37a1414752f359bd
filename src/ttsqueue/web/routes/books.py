"""/books: a user's books, and what can be done with several of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ttsqueue.api.site import TheSite
from ttsqueue.errors import InvalidJob
from ttsqueue.web.books_page import STATES, list_books, search_of
from ttsqueue.web.page_caller import TheVisitor, sent_form
from ttsqueue.web.rendering import page
from ttsqueue.web.selection import ACTIONS, act_on, what_was_done
from ttsqueue.web.wording import state_of

router = APIRouter(prefix="/books", include_in_schema=False)


@router.get("")
async def show(
    request: Request,
    site: TheSite,
    caller: TheVisitor,
    words: Annotated[str, Query(alias="q")] = "",
    state: str = "",
    cursor: str | None = None,
    did: str = "",
) -> Response:
    search = search_of(words, state)
    user_id = caller.on_behalf_of(None)
    app = site.app
    books = await list_books(app.queue, app.storage, site.audio_links, user_id, search, cursor)
    return page(
        request,
        caller,
        "books.html",
        here="books",
        books=books,
        search=search,
        states=[state_of(status) for status in STATES.values()],
        is_older=cursor is not None,
        done=what_was_done(did),
    )


@router.post("/chosen")
async def change(request: Request, site: TheSite, caller: TheVisitor) -> Response:
    """Stop, retry or delete the chosen books, then show the same list."""
    form = await sent_form(request)
    action = str(form.get("action") or "")
    if action not in ACTIONS:
        raise InvalidJob("Choose what to do with the books: stop, retry or delete.")
    done = await act_on(site, caller, action, [str(job_id) for job_id in form.getlist("job")])
    search = search_of(str(form.get("q") or ""), str(form.get("state") or ""))
    return RedirectResponse(search.address(did=f"{action}-{done.done}-{done.left}"), 303)
