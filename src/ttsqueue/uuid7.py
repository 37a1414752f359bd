"""Job ids: UUID version 7. They begin with the time, so new ids land on the index page that is hot already."""

from __future__ import annotations

import os
import time

_FRACTIONS = 4096
"""Of a millisecond: what the 12 bits behind the milliseconds tell (RFC 9562, section 6.2, method 3)."""

_VERSION_AND_VARIANT = 0x7 << 76 | 0b10 << 62

_last = 0


def uuid7() -> str:
    """48 bits of milliseconds, 12 of a fraction, 62 of chance. Those of one process sort as they were made."""
    global _last
    _last = max(time.time_ns() * _FRACTIONS // 1_000_000, _last + 1)
    milliseconds, fraction = divmod(_last, _FRACTIONS)
    chance = int.from_bytes(os.urandom(8), "big") >> 2
    digits = f"{milliseconds << 80 | fraction << 64 | _VERSION_AND_VARIANT | chance:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
