"""Callers that are an application's server."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from ttsqueue.api.caller import Caller
from ttsqueue.api.identity.key_text import digest_of
from ttsqueue.errors import Unauthenticated
from ttsqueue.provider import QueueProvider


@dataclass(frozen=True, slots=True)
class ServerKeys:
    """Looks every key up in the store, so that a revoked one ends at once."""

    provider: QueueProvider

    async def caller(self, key: str) -> Caller:
        """Unauthenticated, StoreUnavailable."""
        digest = digest_of(key)
        known = await self.provider.key_with(digest)
        if known is None or not hmac.compare_digest(known.digest, digest):
            raise Unauthenticated("This server key is unknown or was revoked; make one with: ttsqueue keys create NAME")
        return Caller(user_id=None, is_service=True, is_admin=known.is_admin)
