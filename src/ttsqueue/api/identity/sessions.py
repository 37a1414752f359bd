"""Sessions of pages: a signed cookie and nothing in the store, so that every API process knows them."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from starlette.requests import HTTPConnection
from starlette.responses import Response

from ttsqueue.api.caller import Caller
from ttsqueue.api.identity.seal import Seal
from ttsqueue.api.identity.session import Session
from ttsqueue.errors import Forbidden

COOKIE = "ttsqueue_session"


class SignIn(StrEnum):
    """How sessions of this server begin. A cookie of one kind is worth nothing on a server of the other kind."""

    TOKEN = "token"  # noqa: S105 - the name of a kind, no secret
    PAIRING = "pairing"


class Sessions:
    """Begins, recognises and ends sessions."""

    def __init__(self, secret: bytes, kind: SignIn, public_url: str = "") -> None:
        """`public_url` decides whether browsers may send the cookie over plain http."""
        self._seal = Seal.for_purpose(secret, f"session by {kind}")
        self._csrf = Seal.for_purpose(secret, f"csrf by {kind}")
        self._secure = public_url.startswith("https://")

    def begin(self, caller: Caller) -> Session:
        """Forbidden for a server, and for an identity without an end."""
        if caller.user_id is None or caller.expires_at is None:
            raise Forbidden("A server's key cannot sign in to pages; sign in with a user's access token.")
        return Session(
            id=secrets.token_urlsafe(16),
            user_id=caller.user_id,
            is_premium=caller.is_premium,
            is_admin=caller.is_admin,
            is_anonymous=caller.is_anonymous,
            expires_at=caller.expires_at.replace(microsecond=0),
        )

    def write(self, response: Response, session: Session) -> None:
        """Give the browser its cookie."""
        left = (session.expires_at - datetime.now(UTC)) // timedelta(seconds=1)
        self._set(response, self.seal(session), max(left, 0))

    def seal(self, session: Session) -> str:
        """The value of the cookie."""
        return self._seal.close(session.to_text())

    def clear(self, response: Response) -> None:
        """Take the cookie away."""
        self._set(response, "", 0)

    def read(self, connection: HTTPConnection) -> Session | None:
        """The session of this browser, unless it has ended."""
        sealed = connection.cookies.get(COOKIE)
        text = self._seal.open(sealed) if sealed else None
        session = Session.from_text(text) if text is not None else None
        return session if session is not None and session.expires_at > datetime.now(UTC) else None

    def csrf_token(self, session: Session) -> str:
        """The same as long as the session lasts; another site can neither read nor guess it."""
        return self._csrf.mark(session.id)

    def _set(self, response: Response, value: str, seconds: int) -> None:
        response.set_cookie(
            COOKIE, value, max_age=seconds, path="/", httponly=True, samesite="lax", secure=self._secure
        )  # fmt: skip
