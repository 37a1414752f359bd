"""The finished file is copied to where it was asked for; nothing that lies there is overwritten."""

from __future__ import annotations

import filecmp
import os
import shutil
from contextlib import suppress
from itertools import count
from pathlib import Path
from uuid import uuid4

from ttsqueue.cli.destination import CannotDeliver, Destination
from ttsqueue.filename import numbered


def deliver(sound: Path, where: Destination, name: str) -> Path:
    """Copy `sound` to the destination under `name`, or that name with a number. CannotDeliver.

    A file of that name which holds the same sound is left as it is, so delivering twice makes one file.
    """
    try:
        where.folder.mkdir(parents=True, exist_ok=True)
        return _place(sound, where.folder, name)
    except OSError as error:
        raise CannotDeliver(
            f"Cannot write to {where.folder}: {error.strerror}. The audiobook is kept in the data folder; once this is "
            "mended, or with another -o, the same command delivers it without speaking again."
        ) from None


def _place(sound: Path, folder: Path, name: str) -> Path:
    draft = folder / f".ttsqueue-{uuid4().hex}.part"
    try:
        for number in count(1):
            target = folder / numbered(name, number)
            if not target.exists():
                if not draft.exists():
                    _copy(sound, draft)
                if _publish(draft, target):
                    return target
            if _is_same(sound, target):
                return target
        raise AssertionError("count() never ends")
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _copy(sound: Path, draft: Path) -> None:
    with sound.open("rb") as source, draft.open("xb") as copy:
        shutil.copyfileobj(source, copy, 1 << 20)
        copy.flush()
        os.fsync(copy.fileno())


def _publish(draft: Path, target: Path) -> bool:
    """Give the draft its name; False when somebody took that name in the meantime."""
    try:
        _give_name(draft, target)
    except FileExistsError:
        return False
    _flush_folder(target.parent)
    return True


def _give_name(draft: Path, target: Path) -> None:
    """FileExistsError."""
    try:
        target.hardlink_to(draft)
    except FileExistsError:
        raise
    except OSError:  # memory cards have no hard links
        _replace_reserved(draft, target)


def _replace_reserved(draft: Path, target: Path) -> None:
    """Where a draft can only be renamed, which overwrites: an empty file holds the name. FileExistsError."""
    target.touch(exist_ok=False)
    try:
        draft.replace(target)
    except OSError:
        target.unlink()
        raise


def _flush_folder(folder: Path) -> None:
    with suppress(OSError):  # not every file system can
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _is_same(sound: Path, target: Path) -> bool:
    return target.is_file() and filecmp.cmp(sound, target, shallow=False)
