"""Signing in and out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ttsqueue.api.schemas.wire import Wire

Secret = Annotated[str, Field(strict=True, min_length=1, max_length=16_384)]


class TokenIn(Wire):
    """The body of POST /api/tts/session, for who cannot send a header."""

    token: Secret = Field(description="The access token of the user.")


class CodeIn(Wire):
    """The body of POST /api/tts/pair."""

    code: Annotated[str, Field(strict=True, min_length=1, max_length=100)] = Field(
        description="As the terminal shows it; dashes, spaces and small letters do no harm."
    )


class SignedIn(Wire):
    """The cookie `ttsqueue_session` came with this answer."""

    success: Literal[True]
    csrf_token: str | None = Field(
        description="For the header `X-CSRF-Token` of every change; null where nobody needs to sign in."
    )


class WhoAmI(Wire):
    """Who sends this request."""

    user_id: str | None = Field(description="Null for a server that acts for users.")
    is_admin: bool
    is_premium: bool
    csrf_token: str | None = Field(description="Null unless the request came with the session cookie.")
