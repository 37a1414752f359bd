"""Where a finished audiobook goes: `-o` is a folder or a file, and is tried before hours are spent on speaking."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

import click

from ttsqueue.submission import AUDIO_FORMATS


class CannotDeliver(click.ClickException):
    """The finished file cannot be put where it should go; the sound is safe in the data folder."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A folder, and the file's name if one was given; without it the book names the file."""

    folder: Path
    file_name: str | None = None

    def check(self) -> None:
        """Make the folder and try to write to it. CannotDeliver."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=self.folder):
                pass
        except OSError as error:
            raise CannotDeliver(
                f"Cannot write to {self.folder}: {error.strerror}. Nothing was started; name another folder with -o."
            ) from None


def destination(out: str | None, books: int) -> Destination:
    """What `-o` means. A path with a suffix is a file, unless it is a folder already or ends in a slash."""
    if out is None:
        return Destination(Path())
    path = Path(out)
    if path.is_dir() or out.endswith(("/", os.sep)) or not path.suffix:
        return Destination(path)
    if books > 1:
        raise click.UsageError(f"Several books need a folder, and {out} reads as a file; write {out}/ instead.")
    return Destination(path.parent, path.name)


def audio_format(chosen: str | None, where: Destination) -> str:
    """The format: as chosen, else as the file's suffix says, else m4b. A suffix that says otherwise is wrong use."""
    if where.file_name is None:
        return chosen or "m4b"
    suffix = Path(where.file_name).suffix.removeprefix(".").lower()
    if suffix not in AUDIO_FORMATS:
        known = ", ".join(f".{known}" for known in AUDIO_FORMATS)
        raise click.UsageError(f"{where.file_name} should end in one of {known}, or be a folder.")
    if chosen not in (None, suffix):
        raise click.UsageError(f"{where.file_name} does not fit --format {chosen}.")
    return suffix
