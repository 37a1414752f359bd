"""Finished sound in an object store: S3 and what speaks like it, Google Cloud Storage, Azure.

A draft is made on the local disk and then sent; the store shows an object only when it is whole.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import obstore
from obstore.exceptions import BaseError

from ttsqueue.storage.bench import fetched
from ttsqueue.storage.bucket_faults import PATIENCE, explained_by_store
from ttsqueue.storage.bucket_store import BucketStore, open_bucket
from ttsqueue.storage.disk import explained, make_folder, sweep
from ttsqueue.storage.file_ids import folder_of, is_cover, is_file_id, is_folder
from ttsqueue.storage.sending import send
from ttsqueue.storage.stored_file import StoredFile

if TYPE_CHECKING:
    from obstore import ObjectMeta  # is in its stubs alone

_WINDOW = 4 * 1024 * 1024
"""Bytes asked for at a time: nobody who reads slowly holds a connection to the store."""


@dataclass(frozen=True, slots=True)
class BucketStorage:
    """Objects `<job>/<file id>` below the prefix of `url`; drafts and fetched files lie in `folder`."""

    store: BucketStore
    url: str
    folder: Path
    _one_book: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    def at(cls, url: str, folder: Path) -> BucketStorage:
        """Asks nothing of the store yet. SettingsError."""
        return cls(open_bucket(url), url.rstrip("/"), folder)

    @property
    def drafts(self) -> Path:
        return self.folder / "drafts"

    @property
    def bench(self) -> Path:
        return self.folder / "bench"

    def draft(self, suffix: str) -> Path:
        return self.drafts / f"{uuid4().hex}.{suffix}"

    def whereabouts(self, file_id: str) -> str:
        return f"{self.url}/{_key(file_id)}"

    async def prepare(self) -> None:
        for folder in (self.drafts, self.bench):
            await asyncio.to_thread(make_folder, folder)

    async def publish(self, draft: Path, file_id: str) -> None:
        key = _key(file_id)
        with explained(self.folder):
            size = draft.stat().st_size
        await send(self.store, draft, size, key)
        with explained(self.folder):
            draft.unlink(missing_ok=True)

    async def about(self, file_id: str) -> StoredFile:
        async with explained_by_store(file_id):
            return _stored_file(await obstore.head_async(self.store, _key(file_id)))

    async def exists(self, file_id: str) -> bool:
        try:
            await self.about(file_id)
        except FileNotFoundError:
            return False
        return True

    async def files_of(self, folder_id: str) -> Sequence[StoredFile]:
        files = [_stored_file(found) for found in await self._list(folder_id)]
        return [file for file in files if is_file_id(file.id)]

    async def content(self, file_id: str, part: range) -> AsyncGenerator[bytes, None]:
        key = _key(file_id)
        for start in range(part.start, part.stop, _WINDOW):
            async with explained_by_store(file_id):
                end = min(start + _WINDOW, part.stop)
                window = await obstore.get_range_async(self.store, key, start=start, end=end)
            yield bytes(window)

    @contextlib.asynccontextmanager
    async def at_hand(self, file_ids: Collection[str]) -> AsyncIterator[Mapping[str, Path]]:
        """Fetched, and removed after. Others wait meanwhile: the disk need not hold more than one book."""
        async with self._one_book, fetched(self, file_ids, self.bench) as files:
            yield files

    async def address(self, file_id: str, lifetime: timedelta) -> str | None:
        try:
            async with asyncio.timeout(PATIENCE):
                return await obstore.sign_async(self.store, "GET", _key(file_id), lifetime)
        except (BaseError, TimeoutError, ValueError, NotImplementedError):  # some credentials cannot sign
            return None

    async def delete(self, file_id: str) -> None:
        await self._delete([_key(file_id)])

    async def delete_job(self, job_id: str) -> None:
        while found := await self._list(job_id):
            await self._delete([each["path"] for each in found])

    async def delete_covers(self, work_id: str) -> None:
        covers = [file.id for file in await self.files_of(work_id) if is_cover(file.id, work_id)]
        if covers:
            await self._delete([_key(file_id) for file_id in covers])

    async def sweep_drafts(self, older_than_seconds: float) -> None:
        for folder in (self.drafts, self.bench):
            await asyncio.to_thread(sweep, folder, older_than_seconds)

    async def _list(self, folder_id: str) -> Sequence[ObjectMeta]:
        if not is_folder(folder_id):
            return ()
        async with explained_by_store():
            return await obstore.list(self.store, folder_id).collect_async()

    async def _delete(self, keys: Sequence[str]) -> None:
        async with explained_by_store():
            with contextlib.suppress(FileNotFoundError):  # some stores say so
                await obstore.delete_async(self.store, keys)


def _key(file_id: str) -> str:
    return f"{folder_of(file_id)}/{file_id}"


def _stored_file(found: ObjectMeta) -> StoredFile:
    return StoredFile(found["path"].rpartition("/")[2], found["size"], found["last_modified"].timestamp())
