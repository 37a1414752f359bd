"""A caller, and what proved who they are. Values only."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from enum import StrEnum

from ttsqueue.api.caller import Caller
from ttsqueue.errors import Forbidden


class Proof(StrEnum):
    """What came with the request. Only a browser sends COOKIE and LOCAL without being asked to by our own pages."""

    LOCAL = "local"
    """Nothing: the server is bound to loopback and everybody is the local user."""
    KEY = "key"
    """A server's key."""
    TOKEN = "token"  # noqa: S105 - the name of a kind, no secret
    """An access token."""
    COOKIE = "cookie"
    """The session cookie of a page."""


@dataclass(frozen=True, slots=True)
class Identified:
    """The answer to: who is this, and how do we know?"""

    caller: Caller
    by: Proof
    csrf_token: str | None = None
    """What must come with a change, where the proof is a cookie; None otherwise."""

    def check_csrf(self, sent: str | None) -> None:
        """Forbidden for a change that another site may have made this browser send."""
        if self.csrf_token is None:
            return
        if not hmac.compare_digest(self.csrf_token.encode(), (sent or "").encode(errors="replace")):
            raise Forbidden("The CSRF token is missing or belongs to another session; reload the page and try again.")
