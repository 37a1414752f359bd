"""Ids come as text and are stored as UUIDs."""

from __future__ import annotations

from uuid import UUID

from ttsqueue.errors import InvalidJob

_NOBODY = UUID(int=(1 << 128) - 1)
"""Text that is no UUID names nothing that is stored; neither does this."""


def known(text: str) -> UUID:
    """For looking something up."""
    try:
        return UUID(text)
    except ValueError:
        return _NOBODY


def stored(text: str, name: str) -> UUID:
    """For writing it down. InvalidJob."""
    try:
        return UUID(text)
    except ValueError:
        raise InvalidJob(f"{name} must be a UUID.") from None
