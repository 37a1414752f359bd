"""The token that a page's forms carry, so that no other site can post them."""

from __future__ import annotations

from starlette.requests import Request

from ttsqueue.api.site import the_site


def csrf_token(request: Request) -> str:
    """Of this browser's session; empty where there is no session."""
    identity = the_site(request).identity
    session = identity.session(request)
    return identity.sessions.csrf_token(session) if session and identity.sessions else ""
