"""Job ids: UUID version 7. They begin with the time, so new ids land on the index page that is hot already."""

from __future__ import annotations

import os
import time

_VERSION_AND_VARIANT = 0x7 << 76 | 0b10 << 62
_CHANCE = (1 << 76 | 1 << 62) - 1 & ~(0xF << 76) & ~(0b11 << 62)


def uuid7() -> str:
    """48 bits of milliseconds, 74 bits of chance, as RFC 9562 lays them out."""
    milliseconds = time.time_ns() // 1_000_000
    chance = int.from_bytes(os.urandom(10), "big") & _CHANCE
    digits = f"{milliseconds << 80 | _VERSION_AND_VARIANT | chance:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
