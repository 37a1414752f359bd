"""The `Authorization: Bearer ...` of a request."""

from __future__ import annotations

from starlette.requests import HTTPConnection


def bearer_of(connection: HTTPConnection) -> str | None:
    """What came as the bearer, or None. Other schemes are not ours: a proxy before us may ask for a password."""
    scheme, _, value = connection.headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else None
