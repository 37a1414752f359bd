"""All pages of a server."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from functools import partial
from typing import Any

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from ttsqueue.api.opening import make_application
from ttsqueue.api.site import Site
from ttsqueue.server_settings import ServerSettings
from ttsqueue.web.problem_pages import ProblemPages
from ttsqueue.web.rendering import HERE
from ttsqueue.web.routes import admin, book, books, docs, sign_in, upload


def make_website(site: Site, settings: ServerSettings) -> ASGIApp:
    """The API and the pages, with what surrounds them."""
    add = partial(add_pages, max_upload=settings.max_upload)
    application = make_application(site, settings, add, uploads=upload.UPLOADS)
    return ProblemPages(application, site.identity)


def add_pages(server: FastAPI, max_upload: int) -> None:
    """Put the pages beside the API. Call it last: what was included before wins. `max_upload` in bytes."""
    server.state.max_upload = max_upload
    for routes in (upload, docs, sign_in, books, book, admin):
        server.include_router(routes.router)
    server.mount("/static", _Static(directory=HERE / "static"), name="static")


class _Static(StaticFiles):
    """Browsers ask each time whether a file is still the same: pages and their scripts change together."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: MutableMapping[str, Any],
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "no-cache"
        return response
