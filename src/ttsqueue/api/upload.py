"""A file that comes as multipart/form-data, streamed to the disk."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi.exceptions import RequestValidationError
from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.requests import ClientDisconnect, Request

from ttsqueue.errors import StoreUnavailable, TooLarge
from ttsqueue.filename import safe_name
from ttsqueue.storage.disk import sweep

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

FIELD = "file"
_BLOCK = 1 << 20
_FORGOTTEN_AFTER = 86_400
"""Seconds; only a server that was killed leaves an upload behind."""
_SUFFIX = re.compile(r"[a-z0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class UploadedForm:
    """What a form brought."""

    file: Path | None
    """None when no file was chosen."""
    fields: Mapping[str, str]


@asynccontextmanager
async def uploaded_file(request: Request, folder: Path) -> AsyncGenerator[Path, None]:
    """The file in the field `file`, under its own name in a new folder below `folder`; gone afterwards.

    RequestValidationError for anything but one whole file, StoreUnavailable when the disk refuses it.
    """
    async with uploaded_form(request, folder) as form:
        if form.file is None:
            raise _malformed("send the book as one file in this field")
        yield form.file


@asynccontextmanager
async def uploaded_form(request: Request, folder: Path, most_text: int = 0) -> AsyncGenerator[UploadedForm, None]:
    """The same for a form in which no file need be chosen, with its other fields: at most so many bytes, 0 for none.

    RequestValidationError, StoreUnavailable; TooLarge for more text than that.
    """
    try:
        room = _make_room(folder)
    except OSError as error:
        raise StoreUnavailable(f"Uploads cannot be stored: {error}") from error
    try:
        yield await _save(request, room, most_text)
    finally:
        await asyncio.shield(asyncio.to_thread(shutil.rmtree, room, ignore_errors=True))


def _make_room(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep(folder, _FORGOTTEN_AFTER)
    return Path(tempfile.mkdtemp(dir=folder))


async def _save(request: Request, room: Path, most_text: int) -> UploadedForm:
    part = _Parts(most_text)
    try:
        parser = MultipartParser(_boundary(request), part.callbacks())
        async for chunk in request.stream():
            if not part.ended:
                parser.write(chunk)
            if len(part.block) >= _BLOCK:
                await asyncio.to_thread(_append, room / part.file_name, part.take())
    except ClientDisconnect:
        raise _malformed("the upload broke off") from None
    except FormParserError:
        raise _malformed("this is not multipart/form-data") from None
    if not part.ended:
        raise _malformed("the upload ends before its last part")
    if not part.is_chosen:
        return UploadedForm(None, part.fields)
    await asyncio.to_thread(_append, room / part.file_name, part.take())
    return UploadedForm(room / part.file_name, part.fields)


def _boundary(request: Request) -> bytes:
    _, options = parse_options_header(request.headers.get("content-type"))
    return options.get(b"boundary", b"")


def _append(path: Path, data: bytes) -> None:
    try:
        with path.open("ab") as file:
            file.write(data)
    except OSError as error:
        raise StoreUnavailable(f"The upload cannot be stored: {error}") from error


def _malformed(what: str) -> RequestValidationError:
    return RequestValidationError([{"loc": ("body", FIELD), "msg": what, "type": "upload"}])


class _Parts:
    """What the parser finds: the bytes of the one file, not yet written, and other fields up to a size."""

    def __init__(self, most_text: int) -> None:
        self.name: str | None = None
        self._is_empty = True
        self._text_left = self._most_text = most_text
        self._texts: dict[str, bytearray] = {}
        self._text: bytearray | None = None
        self.block = bytearray()
        self.ended = False
        self._header = bytearray()
        self._value = bytearray()
        self._is_file = False

    @property
    def file_name(self) -> str:
        return stored_name(self.name or "")

    @property
    def is_chosen(self) -> bool:
        """Whether there is a file; where none was chosen, browsers send one without a name and without content."""
        return bool(self.name) or not self._is_empty

    @property
    def fields(self) -> dict[str, str]:
        return {name: text.decode(errors="replace") for name, text in self._texts.items()}

    def take(self) -> bytes:
        data = bytes(self.block)
        self.block.clear()
        return data

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._part_begins,
            "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._header_ends,
            "on_part_data": self._data,
            "on_end": self._all_ends,
        }

    def _part_begins(self) -> None:
        self._is_file, self._text = False, None

    def _header_ends(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, options = parse_options_header(bytes(self._value))
            if options.get(b"name") == FIELD.encode() and b"filename" in options:
                self._file_begins(options[b"filename"].decode(errors="replace"))
            elif self._most_text and b"filename" not in options:
                self._text = self._texts.setdefault(options.get(b"name", b"").decode(errors="replace"), bytearray())
        self._header.clear()
        self._value.clear()

    def _file_begins(self, name: str) -> None:
        if self.name is not None:
            raise _malformed("send one file at a time")
        self.name, self._is_file = name, True

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            self._is_empty = False
            self.block += memoryview(data)[start:end]
        elif self._text is not None:
            self._text_left -= end - start
            if self._text_left < 0:
                raise TooLarge(f"The text is larger than {self._most_text / 1e6:,.0f} MB; send it as a file.")
            self._text += memoryview(data)[start:end]

    def _all_ends(self) -> None:
        self.ended = True


def stored_name(name: str) -> str:
    """A name of one harmless component that keeps what tells the format and may be the title."""
    stem, dot, suffix = re.split(r"[/\\]", name)[-1].rpartition(".")
    if not dot or not _SUFFIX.fullmatch(suffix.lower()):
        stem, suffix = stem + dot + suffix, "unknown"
    return safe_name(stem, suffix.lower())
