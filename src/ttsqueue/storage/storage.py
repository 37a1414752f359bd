"""What a place for finished sound can do."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from ttsqueue.storage.stored_file import StoredFile


class Storage(Protocol):
    """Files by their ids. A file appears under its id at once and whole, and never changes.

    It is made as a draft on the local disk and then published. Ids hold the lease of the writer, so that two workers
    never write the same file, and the row in the job store is the only pointer to a file: what no row names is an
    orphan. Nothing here blocks the event loop. Every call may raise AudioError, with a sentence, for what is not an id
    of ours and for a local disk that does not do its part, and StoreUnavailable when an object store does not answer.
    """

    @property
    def folder(self) -> Path:
        """On the local disk: drafts and, where no object store is used, the files themselves."""
        ...

    @property
    def drafts(self) -> Path:
        """For files that are not whole yet."""
        ...

    def draft(self, suffix: str) -> Path:
        """A fresh path to write to; the suffix comes without a dot."""
        ...

    def whereabouts(self, file_id: str) -> str:
        """Where a file lies, for a person to read."""
        ...

    async def prepare(self) -> None:
        """Make the local folders."""
        ...

    async def publish(self, draft: Path, file_id: str) -> None:
        """Make a draft visible under its id, durably, and take the draft away. AlreadyStored when the id exists."""
        ...

    async def about(self, file_id: str) -> StoredFile:
        """FileNotFoundError."""
        ...

    async def exists(self, file_id: str) -> bool: ...

    async def files_of(self, folder_id: str) -> Sequence[StoredFile]:
        """The files of a job or work, pointed at or not."""
        ...

    def content(self, file_id: str, part: range) -> AsyncGenerator[bytes, None]:
        """The bytes of a part of a file, in small pieces. FileNotFoundError."""
        ...

    def at_hand(self, file_ids: Collection[str]) -> AbstractAsyncContextManager[Mapping[str, Path]]:
        """Files on the local disk, until the block ends; only to be read. Those that are missing are left out."""
        ...

    async def address(self, file_id: str, lifetime: timedelta) -> str | None:
        """Where anybody can GET the file for a while, past us; None if there is no such address."""
        ...

    async def delete(self, file_id: str) -> None:
        """Remove one file; a missing one is fine."""
        ...

    async def delete_job(self, job_id: str) -> None:
        """Remove all files of a job, also those that appear meanwhile; no files are fine."""
        ...

    async def delete_covers(self, work_id: str) -> None:
        """Remove the covers of a work and nothing else: whoever names a work may name it like somebody's job."""
        ...

    async def sweep_drafts(self, older_than_seconds: float) -> None:
        """Remove what a killed process left behind on the local disk."""
        ...
