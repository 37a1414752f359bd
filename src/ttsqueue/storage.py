"""Where finished sound lies: a local folder.

A file appears under its id only when it is whole: it is written beside as a draft, flushed to the disk, then
renamed. Ids hold the lease of the writer, so that two workers never write the same file, and the row in the job
store is the only pointer to a file: what no row names is an orphan.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from ttsqueue.errors import AudioError
from ttsqueue.jobs import Lease

_TRIES = 100
"""To remove a folder while others may write into it or remove it too."""

_FILE_ID = re.compile(r"(?P<job>[0-9a-f-]{36})\.(?P<name>[a-z0-9-]{1,40})\.(?P<suffix>[a-z0-9]{1,5})")


def audio_file_id(lease: Lease, part: str, suffix: str) -> str:
    """The id of a file made under this lease: `<job>.<part>-<lease>.<suffix>`; `part` is `c0007`, `book`..."""
    return f"{lease.job_id}.{part}-{lease.token}.{suffix}"


def is_cover(file_id: str, work_id: str) -> bool:
    """Whether this is the id of a cover of this work: `<work>.cover-<fingerprint>.jpg`."""
    return file_id.startswith(f"{work_id}.cover-")


@dataclass(frozen=True, slots=True)
class LocalStorage:
    """Files under one folder, one subfolder per job. Made with mode 0700."""

    folder: Path

    @property
    def drafts(self) -> Path:
        """For files that are not whole yet; on the same file system, so that a rename publishes them."""
        return self.folder / "drafts"

    def prepare(self) -> None:
        """Make the folders. AudioError when that cannot be done."""
        with _explained(self.folder):
            self.drafts.mkdir(parents=True, exist_ok=True, mode=0o700)

    def draft(self, suffix: str) -> Path:
        """A fresh path to write to; the suffix comes without a dot."""
        return self.drafts / f"{uuid4().hex}.{suffix}"

    def publish(self, draft: Path, file_id: str) -> None:
        """Make a draft visible under its id, durably. AudioError when the id exists or the disk is full."""
        target = self.path(file_id)
        with _explained(target.parent):
            target.parent.mkdir(exist_ok=True, mode=0o700)
            _flush(draft)
            if target.exists():
                raise AudioError(f"The file {file_id} exists already.")
            draft.rename(target)
            _flush(target.parent)

    def path(self, file_id: str) -> Path:
        """Where a file lies, whether it exists or not. AudioError for what is not an id of ours."""
        match = _FILE_ID.fullmatch(file_id)
        if match is None:
            raise AudioError(f"{file_id!r} is not the id of an audio file.")
        return self.folder / match["job"] / file_id

    def exists(self, file_id: str) -> bool:
        return self.path(file_id).is_file()

    def delete_job(self, job_id: str) -> None:
        """Remove all files of a job, also those that appear meanwhile; no files are fine."""
        folder = self.folder / job_id
        for _ in range(_TRIES):
            shutil.rmtree(folder, ignore_errors=True)
            if not folder.exists():
                return
        shutil.rmtree(folder)  # raises what is in the way

    def delete_covers(self, work_id: str) -> None:
        """Remove the covers of a work and nothing else: whoever names a work may name it like somebody's job."""
        for file_id in tuple(self.files_of(work_id)):
            if is_cover(file_id, work_id):
                self.delete(file_id)
        with contextlib.suppress(OSError):  # not there, or not empty
            (self.folder / work_id).rmdir()

    def files_of(self, job_id: str) -> Iterator[str]:
        """Ids of the files that lie in the job's folder, pointed at or not."""
        with contextlib.suppress(FileNotFoundError):
            yield from (entry.name for entry in (self.folder / job_id).iterdir() if _FILE_ID.fullmatch(entry.name))

    def delete(self, file_id: str) -> None:
        """Remove one file; a missing one is fine."""
        self.path(file_id).unlink(missing_ok=True)

    def sweep_drafts(self, older_than_seconds: float) -> None:
        """Remove drafts that a killed process left behind."""
        before = time.time() - older_than_seconds
        for draft in self.drafts.iterdir() if self.drafts.is_dir() else ():
            with contextlib.suppress(FileNotFoundError):
                if draft.stat().st_mtime < before:
                    draft.unlink()


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _explained(where: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
        raise AudioError(f"Cannot write to {where}: {reason}.") from error


_REASONS = {
    errno.ENOSPC: "the disk is full; free some space and retry the job",
    errno.EDQUOT: "the disk quota is used up; free some space and retry the job",
    errno.EACCES: "permission denied",
    errno.EROFS: "the folder is read-only",
}
