"""What a store knows about a file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A whole file. `size` in bytes, `modified` in seconds since 1970."""

    id: str
    size: int
    modified: float
