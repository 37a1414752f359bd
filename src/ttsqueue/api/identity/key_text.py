"""Server keys as text: made once, afterwards known by their digest only."""

from __future__ import annotations

import hashlib
import secrets

PREFIX = "ttsq_"
"""Tells a key from a token, for us and for programs that look for leaked secrets."""


def new_key() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def is_key(text: str) -> bool:
    return text.startswith(PREFIX)


def digest_of(key: str) -> str:
    """As ServerKey.digest."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()
