"""Letting the phones of a household in: who reads the code from the terminal belongs to it."""

from __future__ import annotations

import hmac
import secrets
import time
from datetime import UTC, datetime, timedelta

from starlette.requests import HTTPConnection

from ttsqueue.api.caller import Caller
from ttsqueue.api.identity.guesses import Guesses
from ttsqueue.errors import Forbidden
from ttsqueue.local_user import LOCAL_USER_ID

LASTS = timedelta(days=30)

_LETTERS = "ABCDEFGHJKMNPQRTUVWXY346789"
"""None that looks like another: no I, L, O, S, Z, 0, 1, 2, 5."""

_LENGTH = 8


def new_code() -> str:
    """`XXXX-XXXX`; 27 letters to choose from make 280 thousand million codes."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return f"{letters[:4]}-{letters[4:]}"


class Pairing:
    """One code, good as long as the server runs, for any number of phones."""

    def __init__(self, code: str) -> None:
        self._code = _plain(code)
        self._guesses = Guesses()

    def caller(self, code: str, connection: HTTPConnection) -> Caller:
        """The local user, for the right code. Forbidden; LimitReached for who tries too often, whatever the code."""
        source = connection.client.host if connection.client else ""
        now = time.monotonic()
        self._guesses.check(source, now)
        if not hmac.compare_digest(_plain(code), self._code):
            self._guesses.failed(source, now)
            raise Forbidden("This is not the pairing code; the terminal in which the server was started shows it.")
        self._guesses.succeeded(source)
        return Caller(LOCAL_USER_ID, is_admin=True, expires_at=datetime.now(UTC) + LASTS)


def _plain(code: str) -> bytes:
    """People leave out the dash, put in spaces, and type small letters."""
    return "".join(code.upper().replace("-", "").split()).encode(errors="replace")
