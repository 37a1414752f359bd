"""Keys with which applications' servers speak to the API. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ServerKey:
    """A key as the store knows it: never the key itself."""

    name: str
    """Unique; for people, who revoke a key by it."""
    digest: str
    """SHA-256 of the key, in hexadecimal. A key is 32 random bytes, so nothing slower is needed."""
    is_admin: bool
    created_at: datetime | None = None
    """By the store's clock; None only before it is stored."""
