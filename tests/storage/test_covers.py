"""Covers are named by what they show."""

from __future__ import annotations

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest

from tests.audio.test_cover import png
from ttsqueue.covers import readable_cover, store_cover
from ttsqueue.errors import AudioError
from ttsqueue.storage import LocalStorage, Storage


async def test_of_many_who_store_the_same_cover_at_the_same_moment_nobody_fails(storage: Storage) -> None:
    cover, work_id = await readable_cover(png(60, 90)), str(uuid4())
    ids = await asyncio.gather(*(store_cover(cover, work_id, storage) for _ in range(8)))
    assert len(set(ids)) == 1
    assert [file.id for file in await storage.files_of(work_id)] == ids[:1]
    assert list(storage.drafts.iterdir()) == []


async def test_a_disk_that_does_not_do_its_part_is_still_told(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path / "audio")
    await storage.prepare()
    cover, work_id = await readable_cover(png(60, 90)), str(uuid4())
    (storage.folder / work_id).write_text("a file where the folder of the work should be")
    with pytest.raises((AudioError, OSError)):
        await store_cover(cover, work_id, storage)
