"""How much one book may cost."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class ReadingLimits:
    """Bounds for the process that reads one book: sizes in bytes, times in seconds."""

    file_size: int = 200 * MEGABYTE
    text_size: int = 64 * MEGABYTE
    chapters: int = 10_000
    memory: int = 1024 * MEGABYTE
    timeout: float = 60.0
    part_size: int = 64 * MEGABYTE
    """One file inside a ZIP archive, unpacked."""
    unpacked_size: int = 400 * MEGABYTE
    """Everything read from a ZIP archive, unpacked."""
    cover_size: int = 10 * MEGABYTE
