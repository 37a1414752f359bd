"""Templates become answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse

from ttsqueue.api.caller import Caller
from ttsqueue.api.identity.identity import Identity
from ttsqueue.api.site import the_site
from ttsqueue.costs.price_list import money
from ttsqueue.servers.words import limits_in_words
from ttsqueue.web import wording
from ttsqueue.web.problem_words import Problem
from ttsqueue.web.shown_text import shown

HERE = Path(__file__).parent

_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    finalize=shown,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters.update(
    length_of=wording.length,
    money=money,
    count=wording.count,
    counted=wording.counted,
    clock=wording.clock,
    moment=wording.moment,
    size=wording.size,
    state_of=wording.state_of,
    outcome=wording.outcome,
    limits_in_words=limits_in_words,
)


def page(request: Request, caller: Caller | None, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page. `here` names the entry of the navigation that it belongs to."""
    return _page(the_site(request).identity, request, caller, template, status, values)


def problem_page(identity: Identity, connection: HTTPConnection, problem: Problem) -> HTMLResponse:
    """A calm page for what cannot be shown."""
    session = identity.session(connection)
    caller = session.caller if session else identity.local
    return _page(identity, connection, caller, "problem.html", problem.status, {"problem": problem})


def _page(
    identity: Identity,
    connection: HTTPConnection,
    caller: Caller | None,
    template: str,
    status: int,
    values: dict[str, Any],
) -> HTMLResponse:
    known = {"caller": caller, "csrf": identity.csrf_token(connection), "here": "", **values}
    return HTMLResponse(_templates.get_template(template).render(known), status, {"Cache-Control": "no-store"})
