"""What the claims of a Supabase access token say about who sends it. Pure; the signature is checked elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from ttsqueue.api.caller import Caller
from ttsqueue.errors import Unauthenticated

Claims = Mapping[str, Any]

LEEWAY = timedelta(seconds=30)
"""How far the clock of whoever makes the tokens may be from ours."""

_LEGACY_ISSUERS = frozenset({"supabase", "supabase-demo"})
"""Who made the `service_role` key of a project, whatever makes its users' tokens."""


@dataclass(frozen=True, slots=True)
class Expected:
    """For whom and by whom tokens must have been made."""

    audience: str
    issuer: str | None
    """None: not checked, as with one secret that only one issuer knows."""


def caller_of(claims: Claims, expected: Expected) -> Caller:
    """Unauthenticated for a token of somebody else's, and for one that names nobody."""
    if claims.get("role") == "service_role" and "sub" not in claims:
        _check_service(claims, expected)
        return Caller(user_id=None, is_service=True, expires_at=_end(claims))
    _check_audience(claims.get("aud"), expected.audience)
    _check_issuer(claims, expected)
    if claims.get("role") == "anon":
        raise Unauthenticated("This token names nobody (role anon); send the access token of a user who signed in.")
    # Users can write user_metadata themselves: nothing there counts.
    granted = claims.get("app_metadata")
    granted = granted if isinstance(granted, dict) else {}
    return Caller(
        user_id=_user_id(claims.get("sub")),
        is_premium=granted.get("is_premium") is True or granted.get("tier") == "premium",
        is_admin=granted.get("role") == "admin",
        is_anonymous=claims.get("is_anonymous") is True,
        expires_at=_end(claims),
    )


def _check_service(claims: Claims, expected: Expected) -> None:
    # A legacy service key has no audience, and an issuer of its own.
    if "aud" in claims:
        _check_audience(claims["aud"], expected.audience)
    if claims.get("iss") not in _LEGACY_ISSUERS:
        _check_issuer(claims, expected)


def _check_audience(audience: object, expected: str) -> None:
    audiences = audience if isinstance(audience, list) else [audience]
    if expected not in audiences:
        raise Unauthenticated("This access token was made for another audience than this server.")


def _check_issuer(claims: Claims, expected: Expected) -> None:
    if expected.issuer is not None and claims.get("iss") != expected.issuer:
        raise Unauthenticated("This access token was made by another issuer than the one this server trusts.")


def _user_id(subject: object) -> str:
    try:
        user_id = str(UUID(str(subject)))
    except ValueError:
        user_id = ""
    if not user_id or user_id != str(subject).lower():
        raise Unauthenticated("This access token names no user: its sub is not a UUID.")
    return user_id


def _end(claims: Claims) -> datetime:
    """The moment from which the token is refused."""
    try:
        return datetime.fromtimestamp(int(claims["exp"]), UTC) + LEEWAY
    except (ValueError, OverflowError, OSError):
        raise Unauthenticated("This access token ends at a time that no calendar knows.") from None
