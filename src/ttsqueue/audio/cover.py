"""Covers come from outside: each is decoded under limits and encoded anew before it goes into a book."""

from __future__ import annotations

import asyncio

from ttsqueue.audio.child import Child
from ttsqueue.audio.framing import Kind
from ttsqueue.audio.picture_header import read_header
from ttsqueue.errors import AudioError

_MOST_PIXELS = 40_000_000
_LONG_SIDE = 1400  # pixels; more than any player shows
_PATIENCE = 30.0  # seconds


async def prepare_cover(data: bytes) -> bytes:
    """`clean_cover` in a process of its own, with limits on memory and time. AudioError."""
    child = await Child.start("cover_child")
    try:
        await child.send(Kind.DATA, data)
        await child.send(Kind.FINISH)
        _, cover = await asyncio.wait_for(child.receive(), _PATIENCE)
    except TimeoutError:
        raise AudioError("The cover takes too long to read; choose another picture.") from None
    finally:
        await child.kill()
    return cover


def clean_cover(data: bytes) -> bytes:
    """A JPEG of at most 1400 pixels on its long side, from a JPEG or PNG of at most 40 megapixels.

    AudioError with a sentence for anything else. Runs libav on foreign data: in a worker use `prepare_cover`.
    """
    header = read_header(data)
    if not 0 < header.width * header.height <= _MOST_PIXELS:
        raise AudioError(f"The cover has {header.width} x {header.height} pixels; choose one of at most 40 megapixels.")
    from ttsqueue.audio.picture import smaller_jpeg  # here, because libav stays out of the worker's process

    return smaller_jpeg(data, header.codec, max_pixels=_MOST_PIXELS, long_side=_LONG_SIDE)
