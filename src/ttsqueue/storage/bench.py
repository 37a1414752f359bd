"""Where files of an object store lie while somebody works with them."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import uuid4

from ttsqueue.storage.disk import explained, make_folder
from ttsqueue.storage.storage import Storage

SIDE_BY_SIDE = 4
"""Files that are fetched together."""


@asynccontextmanager
async def fetched(storage: Storage, file_ids: Collection[str], bench: Path) -> AsyncIterator[Mapping[str, Path]]:
    """Copies of files, gone when the block ends; those that are missing are left out. StoreUnavailable, AudioError."""
    folder = bench / uuid4().hex
    await asyncio.to_thread(make_folder, folder)
    try:
        yield await _fetch_all(storage, file_ids, folder)
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def _fetch_all(storage: Storage, file_ids: Collection[str], folder: Path) -> Mapping[str, Path]:
    turns, files = asyncio.Semaphore(SIDE_BY_SIDE), {}

    async def fetch(file_id: str) -> None:
        async with turns:
            with suppress(FileNotFoundError):
                files[file_id] = await _fetch(storage, file_id, folder / file_id)

    try:
        async with asyncio.TaskGroup() as fetching:
            for file_id in file_ids:
                fetching.create_task(fetch(file_id))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return files


async def _fetch(storage: Storage, file_id: str, target: Path) -> Path:
    size = (await storage.about(file_id)).size
    with explained(target.parent):
        file = await asyncio.to_thread(target.open, "wb")
    with file:
        async for chunk in storage.content(file_id, range(size)):
            with explained(target.parent):
                await asyncio.to_thread(file.write, chunk)
    return target
