"""Ids of users and works as they come in."""

from __future__ import annotations

from uuid import UUID

from ttsqueue.errors import InvalidJob


def canonical_uuid(name: str, value: str) -> str:
    """As the store spells it. InvalidJob, naming the parameter."""
    try:
        return str(UUID(value))
    except ValueError:
        raise InvalidJob(f"{name} must be a UUID, not {value!r}.") from None
