"""What every place for sound must do: a folder and a bucket alike."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest

from ttsqueue.errors import AudioError
from ttsqueue.storage import Storage

from .files import CHAPTER, COVER, JOB, OTHER, draft_of, ids, put, read

Delete = Callable[[Storage], Coroutine[None, None, None]]

LARGE = os.urandom(17 * 1024 * 1024 + 12345)
"""More than goes into a bucket in one request."""


@pytest.mark.parametrize("content", [b"sound", b"", LARGE], ids=["small", "empty", "large"])
async def test_what_is_published_can_be_read_and_its_draft_is_gone(storage: Storage, content: bytes) -> None:
    draft = draft_of(storage, content)
    assert not await storage.exists(CHAPTER)
    await storage.publish(draft, CHAPTER)
    assert await storage.exists(CHAPTER)
    assert await read(storage, CHAPTER) == content
    assert list(storage.drafts.iterdir()) == []
    about = await storage.about(CHAPTER)
    assert (about.id, about.size) == (CHAPTER, len(content))
    assert abs(about.modified - time.time()) < 60


@pytest.mark.parametrize("content", [b"other", LARGE], ids=["small", "large"])
async def test_a_name_is_given_once(storage: Storage, content: bytes) -> None:
    await put(storage)
    with pytest.raises(AudioError, match=r"exists already\.$"):
        await put(storage, content=content)
    assert await read(storage, CHAPTER) == b"sound"
    assert await ids(storage) == [CHAPTER]


@pytest.mark.parametrize("part", [range(1), range(3, 4_200_000), range(len(LARGE) - 5, len(LARGE)), range(7, 7)])
async def test_a_part_of_a_file_is_that_part(storage: Storage, part: range) -> None:
    await put(storage, content=LARGE)
    assert await read(storage, CHAPTER, part) == LARGE[part.start : part.stop]


async def test_what_is_not_there_is_not_found(storage: Storage) -> None:
    with pytest.raises(FileNotFoundError):
        await storage.about(CHAPTER)
    with pytest.raises(FileNotFoundError):
        await read(storage, CHAPTER, range(10))
    assert await ids(storage) == []
    await storage.delete(CHAPTER)
    await storage.delete_job(JOB)
    await storage.delete_covers(JOB)


@pytest.mark.parametrize("name", ["", "..", "../secret", f"{JOB}/../x", f"{JOB}.c0001-1.m4a.taken", "a.b.c"])
async def test_what_is_not_an_id_of_ours_reaches_no_file(storage: Storage, name: str) -> None:
    for call in (storage.about(name), storage.delete(name), storage.exists(name), put(storage, name)):
        with pytest.raises(AudioError, match="is not the id"):
            await call


@pytest.mark.parametrize("name", ["", ".", "..", "/", JOB[:-1]])
async def test_a_folder_that_is_none_has_no_files_and_deletes_none(storage: Storage, name: str) -> None:
    await put(storage)
    assert await storage.files_of(name) == () or await ids(storage, name) == []
    await storage.delete_job(name)
    await storage.delete_covers(name)
    assert await ids(storage) == [CHAPTER]


async def test_the_files_of_a_job_are_its_own(storage: Storage) -> None:
    mine = [await put(storage), await put(storage, f"{JOB}.book-1.m4b", b"book")]
    await put(storage, f"{OTHER}.c0001-1.m4a")
    assert {file.id: file.size for file in await storage.files_of(JOB)} == {mine[0]: 5, mine[1]: 4}
    await storage.delete(mine[0])
    assert await ids(storage) == [mine[1]]
    await storage.delete_job(JOB)
    assert await ids(storage) == []
    assert await ids(storage, OTHER) == [f"{OTHER}.c0001-1.m4a"]


async def test_only_covers_go_with_the_covers(storage: Storage) -> None:
    await put(storage)
    await put(storage, COVER)
    await storage.delete_covers(JOB)
    assert await ids(storage) == [CHAPTER]


@pytest.mark.parametrize(
    "delete",
    [lambda storage: storage.delete_covers(JOB), lambda storage: storage.delete_job(JOB)],
    ids=["covers", "job"],
)
async def test_what_many_delete_at_once_is_gone_and_nobody_minds(storage: Storage, delete: Delete) -> None:
    for _ in range(40):
        await put(storage, COVER)
        async with asyncio.TaskGroup() as everybody:
            for _ in range(8):
                everybody.create_task(delete(storage))
                everybody.create_task(ids(storage))
        assert await ids(storage) == []


async def test_what_is_published_while_its_folder_goes_is_there_in_the_end(storage: Storage) -> None:
    """A second book of a work comes with its cover while the first one is deleted."""
    for _ in range(40):
        await asyncio.gather(put(storage), *(storage.delete_covers(JOB) for _ in range(8)))
        assert await read(storage, CHAPTER) == b"sound"
        await storage.delete(CHAPTER)


async def test_files_are_at_hand_for_a_while(storage: Storage) -> None:
    wanted = [await put(storage, f"{JOB}.c000{n}-1.m4a", os.urandom(1000) + bytes([n])) for n in range(1, 9)]
    missing = f"{JOB}.c0009-1.m4a"
    async with storage.at_hand([*wanted, missing]) as files:
        assert sorted(files) == wanted
        assert [path.read_bytes()[-1] for _, path in sorted(files.items())] == list(range(1, 9))
    assert await ids(storage) == wanted


async def test_one_of_many_who_publish_the_same_name_wins(storage: Storage) -> None:
    drafts = [draft_of(storage, bytes([n])) for n in range(5)]
    told = await asyncio.gather(*(storage.publish(draft, CHAPTER) for draft in drafts), return_exceptions=True)
    errors = [error for error in told if error is not None]
    if len(await storage.files_of(JOB)) != 1 or any(not isinstance(error, AudioError) for error in errors):
        raise AssertionError(told)
    assert len(await read(storage, CHAPTER)) == 1


async def test_old_drafts_are_swept_and_new_ones_stay(storage: Storage) -> None:
    old, new = draft_of(storage, b"old"), draft_of(storage, b"new")
    os.utime(old, (0, 0))
    await storage.sweep_drafts(3600)
    assert list(storage.drafts.iterdir()) == [new]


async def test_a_person_is_told_where_a_file_lies(storage: Storage, tmp_path: Path) -> None:
    place = storage.whereabouts(CHAPTER)
    assert place.endswith(f"/{JOB}/{CHAPTER}")
    assert place.startswith((str(tmp_path / "audio"), "s3://tests-"))
