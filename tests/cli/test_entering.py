"""The same book that two commands are given at once is one job."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.worker.at_work import opened
from tests.worker.samples import book_of, text
from ttsqueue.cli.entering import enter
from ttsqueue.jobs import JobStatus
from ttsqueue.storage import LocalStorage


@pytest.mark.parametrize("is_known", [True, False], ids=["tried again", "new"])
async def test_commands_that_enter_one_book_at_once_get_one_job(tmp_path: Path, is_known: bool) -> None:
    book, storage = book_of([text(1)]), LocalStorage(tmp_path / "audio")
    async with opened(tmp_path / "queue.db") as queue, opened(tmp_path / "queue.db") as other:
        if is_known:
            await queue.cancel_job((await queue.submit(book)).id)
        one, two = await asyncio.gather(enter(queue, storage, book), enter(other, storage, book))
        assert one.id == two.id
        assert one.status is JobStatus.PENDING
