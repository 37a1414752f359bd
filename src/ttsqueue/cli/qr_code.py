"""A QR code for a terminal."""

from __future__ import annotations

from typing import TextIO

from ttsqueue.cli.terminal import is_lively

_WHITE_ON_BLACK = "\x1b[97;40m"
_AS_BEFORE = "\x1b[0m"


def qr_code(text: str, stream: TextIO) -> str:
    """Lines of half blocks, light modules drawn; empty where the stream has no letters for them.

    In a terminal the colours are given too: on a light background the code would be a negative, which not every
    phone reads.
    """
    from io import StringIO

    import segno

    drawing = StringIO()
    segno.make_qr(text).terminal(drawing, compact=True)
    lines = drawing.getvalue().splitlines()
    if not _can_write("".join(lines), stream):
        return ""
    if is_lively(stream):
        lines = [f"{_WHITE_ON_BLACK}{line}{_AS_BEFORE}" for line in lines]
    return "\n".join(lines)


def _can_write(text: str, stream: TextIO) -> bool:
    try:
        text.encode(stream.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
