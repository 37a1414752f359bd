"""Answers that are pages: what every template gets, and what a page says when something is refused."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ttsqueue.api.caller import Caller
from ttsqueue.api.problems import status_of
from ttsqueue.errors import StoreError, TTSQueueError, Unauthenticated
from ttsqueue.web import wording
from ttsqueue.web.csrf import csrf_token

HERE = Path(__file__).parent

_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters.update(
    length_of=wording.length,
    count=wording.count,
    counted=wording.counted,
    clock=wording.clock,
    moment=wording.moment,
    size=wording.size,
    state_of=wording.state_of,
    outcome=wording.outcome,
)


def page(request: Request, caller: Caller | None, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page. `here` names the entry of the navigation that it belongs to."""
    known = {"caller": caller, "csrf": csrf_token(request), "here": "", **values}
    return HTMLResponse(_templates.get_template(template).render(known), status, {"Cache-Control": "no-store"})


def problem_page(request: Request, status: int, heading: str, sentence: str) -> HTMLResponse:
    """A calm page for what cannot be shown."""
    return page(request, None, "problem.html", status, heading=heading, sentence=sentence)


class PageRoute(APIRoute):
    """A route whose refusals are pages as well; whoever has not signed in is asked to."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def answer_with_a_page(request: Request) -> Response:
            try:
                return await answer(request)
            except Unauthenticated:
                back = request.url.path if request.method == "GET" else "/"
                return RedirectResponse(f"/sign-in?next={quote(back)}", 303)
            except TTSQueueError as error:
                return refusal(request, error)

        return answer_with_a_page


def refusal(request: Request, error: TTSQueueError) -> HTMLResponse:
    status = status_of(error)
    if status == 500:
        raise error
    return problem_page(request, status, wording.heading_of(status), sentence_of(error))


def sentence_of(error: TTSQueueError) -> str:
    """What may be shown of an error."""
    if isinstance(error, StoreError):  # it names files and hosts of the server
        return "The job store does not answer; try again in a moment."
    return str(error)
