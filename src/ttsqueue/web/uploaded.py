"""What a person chose or pasted, on its way to the review."""

from __future__ import annotations

from ttsqueue.api.turns import Turns
from ttsqueue.api.upload import UploadedForm
from ttsqueue.books import Book, read_book
from ttsqueue.covers import readable_cover
from ttsqueue.errors import AudioError
from ttsqueue.web.pasted import pasted_book


async def uploaded_book(form: UploadedForm, turns: Turns) -> Book:
    """The chosen file, otherwise the pasted text. BookError."""
    if form.file is None:
        return pasted_book(form.fields.get("text", ""), form.fields.get("title", ""))
    async with turns.books:
        return await read_book(form.file)


async def shown_cover(book: Book, turns: Turns) -> bytes | None:
    """The book's own cover as a JPEG; None also when it cannot be used."""
    if book.cover is None:
        return None
    try:
        async with turns.covers:
            return (await readable_cover(book.cover)).picture
    except AudioError:
        return None
