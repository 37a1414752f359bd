"""What a worker and its audio children say to each other: a kind, a length, a payload."""

from __future__ import annotations

import struct
from enum import IntEnum

HEADER = struct.Struct("<BI")


class Kind(IntEnum):
    """Of a message. The first three go to the child, the others come back."""

    ORDER = 1
    """JSON: what is to be made. Ends an order that was not finished."""
    DATA = 2
    """PCM of a chapter, or the bytes of a picture."""
    FINISH = 3
    """All data has been sent."""
    PROGRESS = 4
    """A number from 0 to 1 in ASCII."""
    DONE = 5
    """The result: JSON, or the bytes of a picture."""
    FAILED = 6
    """One sentence for a person."""


def header(kind: Kind, payload: bytes | bytearray | memoryview) -> bytes:
    return HEADER.pack(kind, len(payload))


def parse_header(data: bytes) -> tuple[Kind, int]:
    """Kind and length of the payload that follows."""
    kind, length = HEADER.unpack(data)
    return Kind(kind), length
