"""Covers of books in storage: checked, encoded anew, and kept beside the sound under the work's id."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import suppress
from dataclasses import dataclass

from ttsqueue.audio import prepare_cover
from ttsqueue.errors import AlreadyStored
from ttsqueue.storage import Storage


@dataclass(frozen=True, slots=True)
class Cover:
    """A usable picture. `fingerprint` is that of the file it came from, so that it stays when our encoder changes."""

    fingerprint: str
    picture: bytes


async def readable_cover(original: bytes) -> Cover:
    """The picture, ready to go into the audiobook. AudioError with a sentence when it cannot be used."""
    return Cover(hashlib.sha256(original).hexdigest(), await prepare_cover(original))


async def store_cover(cover: Cover, work_id: str, storage: Storage) -> str:
    """Returns the id of the file; the same picture is stored once per work.

    AudioError, StoreUnavailable, OSError.
    """
    file_id = f"{work_id}.cover-{cover.fingerprint[:16]}.jpg"
    if not await storage.exists(file_id):
        await storage.prepare()
        draft = storage.draft("jpg")
        try:
            await asyncio.to_thread(draft.write_bytes, cover.picture)
            with suppress(AlreadyStored):  # somebody else handed the same picture in just now
                await storage.publish(draft, file_id)
        finally:
            draft.unlink(missing_ok=True)
    return file_id
