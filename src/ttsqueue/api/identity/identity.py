"""The one place that decides who sent a request: a server's key, else an access token, else the cookie."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from ttsqueue.api.caller import Caller
from ttsqueue.api.identity.bearer import bearer_of
from ttsqueue.api.identity.identified import Identified, Proof
from ttsqueue.api.identity.key_text import is_key
from ttsqueue.api.identity.pairing import Pairing
from ttsqueue.api.identity.server_keys import ServerKeys
from ttsqueue.api.identity.session import Session
from ttsqueue.api.identity.sessions import COOKIE, Sessions
from ttsqueue.api.identity.tokens import Tokens
from ttsqueue.errors import Forbidden, Unauthenticated

CSRF_HEADER = "X-CSRF-Token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Identity:
    """The ways in that one server has; `modes` puts them together. What came is checked: it never falls through."""

    keys: ServerKeys
    tokens: Tokens | None = None
    sessions: Sessions | None = None
    pairing: Pairing | None = None
    local: Caller | None = None
    """Who everybody is that shows no key, where nobody needs to sign in."""

    async def identify(self, connection: HTTPConnection) -> Caller:
        """The caller of a request or WebSocket, the CSRF header checked where one is needed.

        Unauthenticated, Forbidden without the CSRF token, StoreUnavailable.
        """
        identified = await self.who(connection)
        if connection.scope.get("method", "GET") not in SAFE_METHODS:
            identified.check_csrf(connection.headers.get(CSRF_HEADER))
        return identified.caller

    async def who(self, connection: HTTPConnection) -> Identified:
        """The same without looking for the CSRF token, for who finds it in a form or checks the Origin instead."""
        bearer = bearer_of(connection)
        if bearer is not None:
            return await self.bearer(bearer)
        if self.local is not None:
            return Identified(self.local, Proof.LOCAL)
        session = self.session(connection)
        if session is not None and self.sessions is not None:
            return Identified(session.caller, Proof.COOKIE, self.sessions.csrf_token(session))
        raise Unauthenticated(self._how_to_get_in(COOKIE in connection.cookies))

    async def bearer(self, bearer: str) -> Identified:
        """Who shows this key or token? Unauthenticated, StoreUnavailable."""
        if is_key(bearer):
            return Identified(await self.keys.caller(bearer), Proof.KEY)
        if self.tokens is None:
            raise Unauthenticated(
                "This server takes no access tokens (TTSQUEUE_AUTH=off); send a server's key or none."
            )
        return Identified(await self.tokens.caller(bearer), Proof.TOKEN)

    def session(self, connection: HTTPConnection) -> Session | None:
        """The session of this browser, if it has one that still holds."""
        return self.sessions.read(connection) if self.sessions is not None else None

    def has_left(self, connection: HTTPConnection) -> bool:
        """Whether this browser had a session that has ended."""
        return COOKIE in connection.cookies and self.session(connection) is None

    def csrf_token(self, connection: HTTPConnection) -> str:
        """Of the session of this browser; empty where there is none."""
        session = self.session(connection)
        return self.sessions.csrf_token(session) if session is not None and self.sessions is not None else ""

    def begin_session(self, caller: Caller) -> tuple[Sessions, Session]:
        """A new session, and what writes it into the answer. Forbidden where there are none, and for a server's key."""
        if self.sessions is None:
            raise Forbidden("This server has no sessions: nobody needs to sign in.")
        return self.sessions, self.sessions.begin(caller)

    def check_pairing(self, code: str, connection: HTTPConnection) -> Caller:
        """Who comes with this pairing code. Forbidden, LimitReached."""
        if self.pairing is None:
            raise Forbidden("This server pairs no devices; `ttsqueue up --lan` starts one that does.")
        return self.pairing.caller(code, connection)

    def _how_to_get_in(self, was_in: bool) -> str:
        if self.pairing is not None:
            again = "This session has ended; pair again" if was_in else "Pair this device first"
            return f"{again}: enter the code that the terminal shows at /pair, or send a server's key."
        if was_in:
            return "Your session has ended; sign in again."
        return "Sign in, or send an access token or a server's key as `Authorization: Bearer ...`."
