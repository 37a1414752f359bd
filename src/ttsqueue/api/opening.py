"""The composition root of the server: settings in, an application that answers HTTP out."""

from __future__ import annotations

import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from ttsqueue.api.bodies import Bodies
from ttsqueue.api.headers import SecurityHeaders
from ttsqueue.api.identity import modes
from ttsqueue.api.identity.identity import Identity
from ttsqueue.api.identity.loopback import check_loopback, is_loopback
from ttsqueue.api.limits import Limits
from ttsqueue.api.live import open_live
from ttsqueue.api.origins import AddressCheck, make_addresses
from ttsqueue.api.proxies import TrustedProxies
from ttsqueue.api.request_log import REQUEST_ID, RequestLog
from ttsqueue.api.server import make_server
from ttsqueue.api.signing import AudioLinks, load_secret
from ttsqueue.api.site import Site
from ttsqueue.api.sound_address import origin_of_sound
from ttsqueue.app import App, open_app
from ttsqueue.errors import StoreUnavailable
from ttsqueue.server_settings import ServerSettings
from ttsqueue.settings import Settings

_SHORTEST_SECRET = 32
"""Bytes, as load_secret makes them."""


@asynccontextmanager
async def open_site(
    settings: Settings, server_settings: ServerSettings, code: str | None = None
) -> AsyncGenerator[Site, None]:
    """Everything that routes work with. With a pairing `code` it is a household's. SettingsError, StoreError."""
    if code is None and server_settings.auth == "off":
        check_loopback(server_settings.host)
    async with open_app(settings) as app:
        secret = _secret(settings, server_settings)
        links = AudioLinks(secret, server_settings.public_url or "")
        identity = _identity(app, server_settings, secret, code)
        limits = _limits(app, server_settings) if server_settings.auth == "jwt" else Limits(app.queue)
        origins = frozenset(server_settings.allowed_origins)
        async with open_live(app.queue, links, origins, limits.socket) as live:
            yield Site(app, identity, limits, links, live, await _sound_origin(app))


async def _sound_origin(app: App) -> str | None:
    return await origin_of_sound(app.storage) if app.settings.storage_links == "signed" else None


def _identity(app: App, settings: ServerSettings, secret: bytes, code: str | None) -> Identity:
    provider, public_url = app.queue.provider, settings.public_url or ""
    if code is not None:
        return modes.for_household(provider, secret, code, public_url)
    if settings.auth == "off":
        return modes.for_oneself(provider, settings.host)
    return modes.for_application(
        provider,
        secret,
        audience=settings.jwt_audience,
        issuer=settings.jwt_issuer,
        jwt_secret=settings.jwt_secret,
        jwks_url=settings.jwks_url,
        public_url=public_url,
    )


def _limits(app: App, settings: ServerSettings) -> Limits:
    return Limits(
        app.queue,
        settings.max_active_jobs,
        settings.max_characters_per_day,
        settings.max_previews_per_hour,
        settings.max_sockets,
    )


def make_application(
    site: Site,
    settings: ServerSettings,
    add_pages: Callable[[FastAPI], None] = lambda _: None,
    uploads: frozenset[str] = frozenset(),
) -> ASGIApp:
    """The server with what surrounds it, from the inside out. `uploads` are addresses of pages that take files."""
    server = make_server(site)
    add_pages(server)
    addresses = make_addresses(_own_names(settings.host), settings.public_url, settings.allowed_origins)
    bounded = Bodies(server, max_body=settings.max_body, max_upload=settings.max_upload, uploads=uploads)
    application: ASGIApp = AddressCheck(bounded, addresses)
    if settings.allowed_origins:
        application = CORSMiddleware(
            application,
            allow_origins=settings.allowed_origins,
            allow_methods=("GET", "POST", "DELETE"),
            allow_headers=("Authorization", "Content-Type", "Idempotency-Key", "X-CSRF-Token"),
            allow_credentials=True,
            expose_headers=("Location", "Retry-After", REQUEST_ID),
        )
    return RequestLog(SecurityHeaders(TrustedProxies(application, settings.trusted_proxies), site.sound_origin))


def _own_names(host: str) -> tuple[str, ...]:
    """What this computer is called by those who can reach it."""
    name = socket.gethostname()
    short = name.partition(".")[0]
    return () if is_loopback(host) else (host, name, short, f"{short}.local")


def _secret(settings: Settings, server_settings: ServerSettings) -> bytes:
    if server_settings.secret:
        return server_settings.secret.encode()
    try:
        secret = load_secret(settings.data)
    except OSError as error:
        raise StoreUnavailable(f"The data folder {settings.data} cannot be used: {error.strerror}.") from error
    if len(secret) < _SHORTEST_SECRET:  # a power cut left it empty: everybody could sign with it
        raise StoreUnavailable(f"The file 'secret' in {settings.data} is damaged; delete it, and start again.")
    return secret
