"""Small keys for large indexes. Equal values have equal hashes; queries compare the values too where that matters."""

from __future__ import annotations

import zlib


def hashed(value: str) -> int:
    """32 bits."""
    return zlib.crc32(value.encode())


def leading_bits(hexadecimal: str) -> int:
    """The first 64 bits of a longer hash, as a signed number such as SQLite has."""
    return int.from_bytes(bytes.fromhex(hexadecimal[:16]), "big", signed=True)
