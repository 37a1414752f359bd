"""All pages of a server."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from ttsqueue.web.rendering import HERE, problem_page
from ttsqueue.web.routes import book, docs, sign_in, upload
from ttsqueue.web.wording import heading_of


def add_pages(server: FastAPI) -> None:
    """Put the pages beside the API. Call it last: what was included before wins."""
    for routes in (upload, docs, sign_in, book):
        server.include_router(routes.router)
    server.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    _answer_browsers_with_pages(server)


def _answer_browsers_with_pages(server: FastAPI) -> None:
    """An address that is not there is a page for a browser and JSON for everybody else."""
    answer = server.exception_handlers[HTTPException]

    async def answer_http(request: Request, error: HTTPException) -> Response:
        if request.url.path.startswith("/api/") or "text/html" not in request.headers.get("accept", ""):
            response: Response = await answer(request, error)  # type: ignore[misc]
            return response
        status = error.status_code
        return problem_page(
            request, status, heading_of(status), "The address may be mistyped, or what was here is gone."
        )

    server.add_exception_handler(HTTPException, answer_http)  # type: ignore[arg-type]
