"""Text that comes back from outside as it was handed out, or not at all."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seal:
    """A key for one purpose: what was sealed for another does not open here."""

    key: bytes

    @classmethod
    def for_purpose(cls, secret: bytes, purpose: str) -> Seal:
        return cls(hmac.digest(secret, purpose.encode(), hashlib.sha256))

    def close(self, text: str) -> str:
        """Letters that fit into a cookie. Anybody can read what is in them."""
        body = _letters(text.encode())
        return f"{body}.{self.mark(body)}"

    def open(self, sealed: str) -> str | None:
        """None unless `close` made it."""
        body, _, mark = sealed.partition(".")
        if not hmac.compare_digest(self.mark(body).encode(), mark.encode(errors="replace")):
            return None
        try:
            return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None

    def mark(self, text: str) -> str:
        """The signature of the text."""
        return _letters(hmac.digest(self.key, text.encode(errors="replace"), hashlib.sha256))


def _letters(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
