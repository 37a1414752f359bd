"""A signed-in browser: who it is and until when. Values only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from ttsqueue.api.caller import Caller


@dataclass(frozen=True, slots=True)
class Session:
    """What a session cookie holds; it is signed, not secret."""

    id: str
    """Random; ties the CSRF token to this one session."""
    user_id: str
    is_premium: bool
    is_admin: bool
    is_anonymous: bool
    expires_at: datetime
    """To the second."""

    @property
    def caller(self) -> Caller:
        return Caller(
            user_id=self.user_id,
            is_premium=self.is_premium,
            is_admin=self.is_admin,
            is_anonymous=self.is_anonymous,
            expires_at=self.expires_at,
        )

    def to_text(self) -> str:
        rights = [self.is_premium, self.is_admin, self.is_anonymous]
        return json.dumps([self.id, self.user_id, rights, int(self.expires_at.timestamp())], separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> Session:
        """Of what to_text made."""
        session_id, user_id, (is_premium, is_admin, is_anonymous), end = json.loads(text)
        return cls(session_id, user_id, is_premium, is_admin, is_anonymous, datetime.fromtimestamp(end, UTC))
