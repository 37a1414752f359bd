"""Doctor: the data folder and the room on its disk."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path
from tempfile import TemporaryFile

from ttsqueue.cli.finding import Finding, fail, ok, warn

LOW = 2 * 1024**3
"""Bytes: a long book in FLAC with its chapters needs about this much."""
EMPTY = 200 * 1024**2
"""Bytes: not enough for an ordinary book."""


def check_folder(folder: Path) -> Finding:
    """Can we write there, and can nobody else look?"""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with TemporaryFile(dir=folder):
            pass
        mode = stat.S_IMODE(folder.stat().st_mode)
    except OSError as error:
        return fail(
            "data folder", f"Cannot write to {folder}: {error.strerror}. Make it writable or set TTSQUEUE_DATA."
        )
    if mode & 0o077:
        return warn("data folder", f"Others can look into {folder}. Close it with: chmod 700 {folder}")
    return ok("data folder", f"{folder} can be written, and only by you.")


def check_room(folder: Path) -> Finding:
    """Is there room for the next book?"""
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return fail("disk", f"Cannot look at the disk of {folder}: {error.strerror}.")
    return judge_room(free)


def judge_room(free: int) -> Finding:
    """`free` in bytes."""
    room = f"{free / 1024**3:.1f} GB are free"
    if free < EMPTY:
        return fail("disk", f"{room}; free some space before speaking a book.")
    if free < LOW:
        return warn("disk", f"{room}; a long book may not fit.")
    return ok("disk", f"{room}.")
