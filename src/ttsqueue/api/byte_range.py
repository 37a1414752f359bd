"""Which part of a file a request asks for. Pure."""

from __future__ import annotations

import re

_ONE_RANGE = re.compile(r"bytes\s*=\s*([0-9]{0,18})-([0-9]{0,18})\s*", re.IGNORECASE | re.ASCII)


class RangeNotSatisfiable(Exception):
    """The range is well-formed, and the file has nothing there."""


def wanted_range(header: str | None, size: int) -> range | None:
    """The bytes that a Range header asks for; None for the whole file.

    What is malformed, of another unit or of several ranges counts as no header, as HTTP allows.
    Raises RangeNotSatisfiable.
    """
    match = _ONE_RANGE.fullmatch(header.strip()) if header else None
    if match is None or match[1] == match[2] == "":
        return None
    if match[1] == "":
        return _satisfiable(max(size - int(match[2]), 0), size, size)
    first, last = int(match[1]), int(match[2] or size)
    if match[2] and last < first:
        return None
    return _satisfiable(first, min(last + 1, size), size)


def _satisfiable(first: int, end: int, size: int) -> range:
    if first >= size:
        raise RangeNotSatisfiable
    return range(first, end)
