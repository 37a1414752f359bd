"""An uploaded file on its way to the reader of books."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.datastructures import UploadFile

from ttsqueue.api.turns import Turns
from ttsqueue.api.upload import stored_name
from ttsqueue.books import Book, read_book
from ttsqueue.covers import readable_cover
from ttsqueue.errors import AudioError


async def uploaded_book(upload: UploadFile, turns: Turns) -> Book:
    """What the file holds; it is gone from the disk afterwards. BookError."""
    with TemporaryDirectory(prefix="ttsqueue-") as folder:
        path = Path(folder) / stored_name(upload.filename or "")
        with path.open("wb") as file:
            await asyncio.to_thread(shutil.copyfileobj, upload.file, file)
        async with turns.books:
            return await read_book(path)


async def shown_cover(book: Book, turns: Turns) -> bytes | None:
    """The book's own cover as a JPEG; None also when it cannot be used."""
    if book.cover is None:
        return None
    try:
        async with turns.covers:
            return (await readable_cover(book.cover)).picture
    except AudioError:
        return None
