"""The picture on the audiobook: the one that was named, else the book's own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ttsqueue import covers
from ttsqueue.covers import Cover, store_cover
from ttsqueue.errors import AudioError, StoreUnavailable, TTSQueueError
from ttsqueue.jobs import NewJob
from ttsqueue.storage import Storage

Warn = Callable[[str], None]


async def readable_cover(own: bytes | None, chosen: Path | None, warn: Warn) -> Cover | None:
    """The picture, ready to go into the file. One that cannot be used is a warning, not the end."""
    try:
        original = own if chosen is None else await asyncio.to_thread(chosen.read_bytes)
        return None if original is None else await covers.readable_cover(original)
    except (TTSQueueError, OSError) as error:
        warn(f"The audiobook will have no cover. {error}")
        return None


async def with_cover(job: NewJob, cover: Cover | None, storage: Storage, warn: Warn) -> NewJob:
    """Store the cover beside the sound, under the work's id, and name it in the job."""
    if cover is None:
        return job
    try:
        file_id = await store_cover(cover, job.work_id, storage)
    except (AudioError, StoreUnavailable, OSError) as error:
        warn(f"The audiobook will have no cover. {error}")
        return job
    return replace(job, book=replace(job.book, cover_file_id=file_id))
