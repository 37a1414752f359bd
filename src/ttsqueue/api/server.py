"""The HTTP server: routes, errors and what surrounds them."""

from __future__ import annotations

from fastapi import FastAPI

from ttsqueue.api.problems import answer_problems
from ttsqueue.api.routes import (
    admin,
    audio,
    books,
    bulk,
    events,
    health,
    jobs,
    preview,
    queue,
    servers,
    session,
    users,
    voices,
)
from ttsqueue.api.site import Site

API_VERSION = "1"
"""Grows when a client of the version before would break."""


def make_server(site: Site) -> FastAPI:
    """An ASGI application. The site's parts are opened and closed by whoever made them."""
    server = FastAPI(
        title="ttsqueue",
        version=API_VERSION,
        summary="A job queue for text-to-speech: one job is one book.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        generate_unique_id_function=lambda route: route.name,
    )
    server.state.site = site
    for routes in (queue, jobs, books, voices, preview, audio, events, session, users, admin, servers, bulk, health):
        server.include_router(routes.router)
    answer_problems(server)
    return server
