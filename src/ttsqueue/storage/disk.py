"""What both places need of the local disk."""

from __future__ import annotations

import contextlib
import errno
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from ttsqueue.errors import AudioError

_REASONS = {
    errno.ENOSPC: "the disk is full; free some space and retry the job",
    errno.EDQUOT: "the disk quota is used up; free some space and retry the job",
    errno.EACCES: "permission denied",
    errno.EROFS: "the folder is read-only",
}


@contextlib.contextmanager
def explained(where: Path) -> Iterator[None]:
    """OSError becomes AudioError, with a sentence."""
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
        raise AudioError(f"Cannot write to {where}: {reason}.") from error


def make_folder(folder: Path) -> None:
    """With mode 0700. AudioError."""
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def give_name(draft: Path, target: Path) -> None:
    """A file gets its name, which nobody has yet, all at once. FileExistsError, OSError."""
    try:
        target.hardlink_to(draft)
    except FileNotFoundError:
        raise
    except OSError:  # there already, or memory cards, which have no hard links
        if target.exists():
            raise FileExistsError(errno.EEXIST, "is there already", str(target)) from None
        draft.rename(target)
    else:
        draft.unlink()


def sweep(folder: Path, older_than_seconds: float) -> None:
    """Remove files and folders in there that nobody has touched for so long."""
    before = time.time() - older_than_seconds
    for entry in folder.iterdir() if folder.is_dir() else ():
        with contextlib.suppress(FileNotFoundError):
            if entry.stat().st_mtime >= before:
                continue
            if entry.is_dir():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink()
