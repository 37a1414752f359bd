"""Finished sound in a local folder.

A file is written beside as a draft, flushed to the disk, then given its name.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from ttsqueue.errors import AlreadyStored
from ttsqueue.storage.disk import explained, give_name, make_folder, sweep
from ttsqueue.storage.file_ids import folder_of, is_cover, is_file_id, is_folder
from ttsqueue.storage.stored_file import StoredFile

_TRIES = 100
"""To remove a folder, or to write into it, while others may do either."""

_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class LocalStorage:
    """Files under one folder, one subfolder per job. Made with mode 0700."""

    folder: Path

    @property
    def drafts(self) -> Path:
        """On the same file system, so that a name is all they need."""
        return self.folder / "drafts"

    def draft(self, suffix: str) -> Path:
        return self.drafts / f"{uuid4().hex}.{suffix}"

    def path(self, file_id: str) -> Path:
        """Where a file lies, whether it exists or not. AudioError for what is not an id of ours."""
        return self.folder / folder_of(file_id) / file_id

    def whereabouts(self, file_id: str) -> str:
        return str(self.path(file_id))

    async def prepare(self) -> None:
        await asyncio.to_thread(make_folder, self.drafts)

    async def publish(self, draft: Path, file_id: str) -> None:
        await asyncio.to_thread(_publish, draft, self.path(file_id))

    async def about(self, file_id: str) -> StoredFile:
        return await asyncio.to_thread(_about, self.path(file_id))

    async def exists(self, file_id: str) -> bool:
        return await asyncio.to_thread(self.path(file_id).is_file)

    async def files_of(self, folder_id: str) -> Sequence[StoredFile]:
        return await asyncio.to_thread(_files_in, self.folder / folder_id) if is_folder(folder_id) else ()

    async def content(self, file_id: str, part: range) -> AsyncGenerator[bytes, None]:
        file = await asyncio.to_thread(self.path(file_id).open, "rb")
        try:
            file.seek(part.start)
            left = len(part)
            while left and (chunk := await asyncio.to_thread(file.read, min(_CHUNK, left))):
                left -= len(chunk)
                yield chunk
        finally:
            file.close()

    @contextlib.asynccontextmanager
    async def at_hand(self, file_ids: Collection[str]) -> AsyncIterator[Mapping[str, Path]]:
        """Where they lie anyway."""
        paths = {file_id: self.path(file_id) for file_id in file_ids}
        yield {file_id: path for file_id, path in paths.items() if path.is_file()}

    async def address(self, file_id: str, lifetime: timedelta) -> None:  # noqa: ARG002
        return None

    async def delete(self, file_id: str) -> None:
        await asyncio.to_thread(self.path(file_id).unlink, missing_ok=True)

    async def delete_job(self, job_id: str) -> None:
        if is_folder(job_id):
            await asyncio.to_thread(_remove_folder, self.folder / job_id)

    async def delete_covers(self, work_id: str) -> None:
        for file in await self.files_of(work_id):
            if is_cover(file.id, work_id):
                await self.delete(file.id)
        if is_folder(work_id):
            with contextlib.suppress(OSError):  # not there, or not empty
                (self.folder / work_id).rmdir()

    async def sweep_drafts(self, older_than_seconds: float) -> None:
        await asyncio.to_thread(sweep, self.drafts, older_than_seconds)


def _publish(draft: Path, target: Path) -> None:
    with explained(target.parent):
        _flush(draft)
        _give_name_in_folder(draft, target)
        _flush(target.parent)


def _give_name_in_folder(draft: Path, target: Path) -> None:
    for _ in range(_TRIES):
        with contextlib.suppress(FileNotFoundError, FileExistsError):  # somebody removed the empty folder in between
            target.parent.mkdir(exist_ok=True, mode=0o700)
            _give_name(draft, target)
            return
    _give_name(draft, target)  # raises what is in the way


def _give_name(draft: Path, target: Path) -> None:
    try:
        give_name(draft, target)
    except FileExistsError:
        raise AlreadyStored(target.name) from None


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _about(path: Path) -> StoredFile:
    about = path.stat()
    return StoredFile(path.name, about.st_size, about.st_mtime)


def _files_in(folder: Path) -> list[StoredFile]:
    files = []
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):  # not there, or removed meanwhile
        for entry in folder.iterdir():
            with contextlib.suppress(FileNotFoundError):
                if is_file_id(entry.name) and entry.is_file():
                    files.append(_about(entry))
    return files


def _remove_folder(folder: Path) -> None:
    for _ in range(_TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
    shutil.rmtree(folder)  # raises what is in the way
