"""Files to store."""

from __future__ import annotations

from pathlib import Path

from ttsqueue.storage import Storage

JOB = "00000000-0000-7000-8000-000000000001"
OTHER = "00000000-0000-7000-8000-000000000002"
CHAPTER = f"{JOB}.c0001-1.m4a"
COVER = f"{JOB}.cover-0123456789abcdef.jpg"


def draft_of(storage: Storage, content: bytes) -> Path:
    draft = storage.draft("m4a")
    draft.write_bytes(content)
    return draft


async def put(storage: Storage, file_id: str = CHAPTER, content: bytes = b"sound") -> str:
    await storage.publish(draft_of(storage, content), file_id)
    return file_id


async def read(storage: Storage, file_id: str, part: range | None = None) -> bytes:
    part = range((await storage.about(file_id)).size) if part is None else part
    return b"".join([piece async for piece in storage.content(file_id, part)])


async def ids(storage: Storage, folder: str = JOB) -> list[str]:
    return sorted(file.id for file in await storage.files_of(folder))


def left_on_disk(storage: Storage) -> list[Path]:
    """Drafts, and what was fetched."""
    return [path for path in storage.folder.rglob("*") if path.is_file()]
