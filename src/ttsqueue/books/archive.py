"""A ZIP file whose author may mean harm: everything read from it is counted, nothing is written to disk."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from typing import IO
from urllib.parse import unquote

from ttsqueue.books.limits import MEGABYTE, ReadingLimits
from ttsqueue.errors import BookError

_CHUNK = 256 * 1024
_ENCRYPTED = 0x1
# Text shrinks to a tenth; only bombs shrink to a hundredth and are still large.
_LARGEST_RATIO = 100
_RATIO_COUNTS_FROM = 16 * MEGABYTE
_DAMAGED = "This file is damaged or cut off: {}. Download or export it again."


class Archive:
    """Read access to the members of a ZIP file, by the names that stand inside its documents."""

    def __init__(self, file: IO[bytes], limits: ReadingLimits) -> None:
        self._limits = limits
        self._left = limits.unpacked_size
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise BookError(_DAMAGED.format("its ZIP directory cannot be read")) from error
        self._members = {info.filename: info for info in self._zip.infolist() if not info.is_dir()}
        self._folded = {name.casefold(): name for name in self._members}

    def __contains__(self, name: str) -> bool:
        return name in self._members

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._members)

    def resolve(self, base: str, href: str) -> str | None:
        """The member that `href` in the document `base` points at, None when there is none.

        Whatever leads out of the archive is none.
        """
        path = href.partition("#")[0].replace("\\", "/")
        for written in (unquote(path), path):
            name = posixpath.normpath(posixpath.join(posixpath.dirname(base), written)).lstrip("/")
            if name in self._members:
                return name
            if name.casefold() in self._folded:
                return self._folded[name.casefold()]
        return None

    def read(self, name: str, limit: int | None = None) -> bytes:
        """The bytes of a member. Raises BookError when it is damaged, locked, or larger than `limit`."""
        info = self._members[name]
        if info.flag_bits & _ENCRYPTED:
            raise BookError("This file is locked with a password; save it without one.")
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise BookError(f"This file is packed in a way that books are not ({name}); export it again.")
        try:
            with self._zip.open(info) as member:
                return self._bounded(member, info, self._limits.part_size if limit is None else limit)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise BookError(_DAMAGED.format(f"{name} cannot be unpacked")) from error

    def _bounded(self, member: IO[bytes], info: zipfile.ZipInfo, limit: int) -> bytes:
        data = bytearray()
        while chunk := member.read(_CHUNK):
            data += chunk
            self._left -= len(chunk)
            bomb = len(data) > _RATIO_COUNTS_FROM and len(data) > _LARGEST_RATIO * max(1, info.compress_size)
            if bomb or self._left < 0 or len(data) > limit:
                raise BookError(f"This file unpacks to far more than a book holds ({info.filename}); it is refused.")
        return bytes(data)
