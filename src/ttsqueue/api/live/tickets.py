"""Tickets for connections that can send neither header nor cookie: one use, half a minute.

A ticket holds the caller, signed with a key derived from the site's secret, so that every API process of the site
takes it. Which tickets have been used only the process knows that took them: with several processes behind one
address, a ticket that somebody else read within its 30 seconds works once in each of the others.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import asdict
from datetime import datetime
from typing import Any

from ttsqueue.api.caller import Caller
from ttsqueue.errors import Unauthenticated

LIFETIME = 30.0
"""Seconds."""


class Tickets:
    """Makes and takes them."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"ttsqueue tickets", "sha256")
        self._used: dict[str, float] = {}

    def make(self, caller: Caller) -> str:
        expires = caller.expires_at and caller.expires_at.isoformat()
        content = {
            "caller": {**asdict(caller), "expires_at": expires},
            "good_until": time.time() + LIFETIME,
            "nonce": secrets.token_urlsafe(12),
        }
        body = _encode(json.dumps(content, separators=(",", ":")).encode())
        return f"{body}.{self._signature(body)}"

    def take(self, ticket: str) -> Caller:
        """Whoever it was made for; a second time fails. Unauthenticated."""
        body, _, signature = ticket.partition(".")
        if not hmac.compare_digest(self._signature(body).encode(), signature.encode(errors="replace")):
            raise Unauthenticated("This ticket was not made by this server; ask for a new one.")
        content = json.loads(_decode(body))
        self._use(content["nonce"], content["good_until"])
        return _caller(content["caller"])

    def _use(self, nonce: str, good_until: float) -> None:
        now = time.time()
        if good_until < now:
            raise Unauthenticated(f"This ticket is older than {LIFETIME:.0f} seconds; ask for a new one.")
        self._used = {used: until for used, until in self._used.items() if until >= now}
        if nonce in self._used:
            raise Unauthenticated("This ticket has been used; ask for a new one.")
        self._used[nonce] = good_until

    def _signature(self, body: str) -> str:
        return _encode(hmac.digest(self._key, body.encode(errors="replace"), hashlib.sha256))


def _caller(fields: dict[str, Any]) -> Caller:
    expires = fields.pop("expires_at")
    return Caller(**fields, expires_at=expires and datetime.fromisoformat(expires))


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
