"""Joining a book in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from ttsqueue.audio.child import Child
from ttsqueue.audio.format import AudioFormat
from ttsqueue.audio.framing import Kind
from ttsqueue.audio.sound import BookPart, BookSound, BookTags
from ttsqueue.errors import AudioError


async def join_book(
    parts: Sequence[BookPart],
    target: Path,
    fmt: AudioFormat,
    tags: BookTags,
    cover: bytes | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> BookSound:
    """Join chapters of one format to a book with marks, tags and cover, without encoding again.

    (FLAC is packed again without loss.) `target` is a temporary name that the caller publishes; after an error
    or cancellation it does not exist. `cover` is what `prepare_cover` returned; WAV keeps neither cover nor
    marks. FLAC has marks as CHAPTER000 comments only. `on_progress` hears numbers up to 1. AudioError.
    """
    _check_files(parts)
    child = await Child.start("book_child")
    done = False
    try:
        await child.send(Kind.ORDER, _order(parts, target, fmt, tags))
        if cover:
            await child.send(Kind.DATA, cover)
        await child.send(Kind.FINISH)
        sound = await _result(child, on_progress)
        done = True
    finally:
        try:
            await child.kill()
        finally:
            if not done:
                target.unlink(missing_ok=True)
    return sound


def _check_files(parts: Sequence[BookPart]) -> None:
    for part in parts:
        try:
            size = part.path.stat().st_size
        except OSError:
            raise AudioError(f"The sound of {part.title!r} is missing; speak this chapter again.") from None
        if size != part.sound.size:
            raise AudioError(f"The sound of {part.title!r} is incomplete; speak this chapter again.")


def _order(parts: Sequence[BookPart], target: Path, fmt: AudioFormat, tags: BookTags) -> bytes:
    order = {
        "parts": [asdict(part) for part in parts],
        "target": str(target),
        "format": fmt,
        "tags": asdict(tags),
    }
    return json.dumps(order, default=str).encode()


async def _result(child: Child, on_progress: Callable[[float], None] | None) -> BookSound:
    while True:
        kind, payload = await child.receive()
        if kind is Kind.DONE:
            result = json.loads(payload)
            return BookSound(result["duration"], tuple(result["starts"]), result["size"])
        if on_progress is not None:
            on_progress(float(payload))
