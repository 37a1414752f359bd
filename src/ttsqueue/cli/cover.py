"""The picture on the audiobook: the one that was named, else the book's own."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ttsqueue.audio import prepare_cover
from ttsqueue.errors import AudioError, TTSQueueError
from ttsqueue.jobs import NewJob
from ttsqueue.storage import LocalStorage

Warn = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Cover:
    """A usable picture. `fingerprint` is that of the file it came from, so that it stays when our encoder changes."""

    fingerprint: str
    picture: bytes


async def readable_cover(own: bytes | None, chosen: Path | None, warn: Warn) -> Cover | None:
    """The picture, ready to go into the file. One that cannot be used is a warning, not the end."""
    try:
        original = own if chosen is None else await asyncio.to_thread(chosen.read_bytes)
        if original is None:
            return None
        return Cover(hashlib.sha256(original).hexdigest(), await prepare_cover(original))
    except (TTSQueueError, OSError) as error:
        warn(f"The audiobook will have no cover. {error}")
        return None


def with_cover(job: NewJob, cover: Cover | None, storage: LocalStorage, warn: Warn) -> NewJob:
    """Store the cover beside the sound, under the work's id, and name it in the job."""
    if cover is None:
        return job
    file_id = f"{job.work_id}.cover-{cover.fingerprint[:16]}.jpg"
    try:
        _store(cover.picture, file_id, storage)
    except (AudioError, OSError) as error:
        warn(f"The audiobook will have no cover. {error}")
        return job
    return replace(job, book=replace(job.book, cover_file_id=file_id))


def _store(picture: bytes, file_id: str, storage: LocalStorage) -> None:
    if storage.exists(file_id):
        return
    storage.prepare()
    draft = storage.draft("jpg")
    draft.write_bytes(picture)
    storage.publish(draft, file_id)
