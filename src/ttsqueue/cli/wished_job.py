"""From a book file to the job that was wished for."""

from __future__ import annotations

from pathlib import Path

from ttsqueue.books import read_book
from ttsqueue.cli.book_job import book_job
from ttsqueue.cli.cover import Warn, readable_cover, with_cover
from ttsqueue.cli.wish import Wish
from ttsqueue.jobs import NewJob
from ttsqueue.storage import Storage


async def wished_job(path: Path, wish: Wish, storage: Storage, warn: Warn) -> NewJob:
    """Read a book file and make the job that was wished for; its cover is stored already. BookError, InvalidJob.

    `warn` hears in a sentence why there will be no cover.
    """
    book = await read_book(path)
    cover = await readable_cover(book.cover, wish.cover, warn)
    return await with_cover(book_job(book, wish, None if cover is None else cover.fingerprint), cover, storage, warn)
