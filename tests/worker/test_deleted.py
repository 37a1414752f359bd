"""A job that is deleted while it is spoken leaves no file behind, however late its worker notices."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from ttsqueue.queue import TTSQueue
from ttsqueue.storage import LocalStorage

from .at_work import Studio, eventually, outcomes
from .samples import book
from .tone_engine import ToneEngine


@dataclass(frozen=True, slots=True)
class SlowDisk(LocalStorage):
    """Takes its time before a file appears whose id has `part` in it."""

    part: str = ""
    reached: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    async def publish(self, draft: Path, file_id: str) -> None:
        if f".{self.part}-" in file_id:
            self.reached.set()
            await asyncio.to_thread(self.go_on.wait, 10)
        await LocalStorage.publish(self, draft, file_id)


@pytest.fixture(params=["c0001", "c0002", "book"])
async def disk(request: pytest.FixtureRequest, storage: LocalStorage) -> AsyncIterator[SlowDisk]:
    disk = SlowDisk(storage.folder, request.param)
    yield disk
    disk.go_on.set()


@pytest.fixture
def slow_studio(queue: TTSQueue, disk: SlowDisk, tone: ToneEngine) -> Studio:
    return Studio(queue, disk, [tone])


def lying_there(storage: LocalStorage) -> list[str]:
    """Everything in the data folder but the empty folder for drafts."""
    return [str(path.relative_to(storage.folder)) for path in storage.folder.rglob("*") if path != storage.drafts]


@pytest.mark.parametrize("worker_notices_first", [True, False])
async def test_what_appears_after_the_deletion_goes_too(
    slow_studio: Studio, disk: SlowDisk, worker_notices_first: bool
) -> None:
    queue = slow_studio.queue
    job_id = await queue.add_job(book(2))
    looks = timedelta(seconds=0.1 if worker_notices_first else 10)
    async with slow_studio.narrating(chapters=1, heartbeat_interval=looks) as worker:
        await asyncio.to_thread(disk.reached.wait, 20)
        await queue.cancel_job(job_id)
        await queue.delete_job(job_id)
        await disk.delete_job(job_id)
        await asyncio.sleep(0.5 if worker_notices_first else 0)
        disk.go_on.set()
        next_id = await queue.add_job(book(1))
        await eventually(lambda: _is_spoken(queue, next_id))
        await worker.stop()
    assert {part.partition("/")[0] for part in lying_there(disk)} == {next_id}


async def _is_spoken(queue: TTSQueue, job_id: str) -> bool:
    return (await queue.get_job(job_id)).status == "completed"


async def test_a_job_that_is_only_cancelled_keeps_its_finished_chapters(slow_studio: Studio, disk: SlowDisk) -> None:
    queue = slow_studio.queue
    job_id = await queue.add_job(book(2))
    async with slow_studio.narrating(chapters=1, heartbeat_interval=timedelta(seconds=0.1)) as worker:
        await asyncio.to_thread(disk.reached.wait, 20)
        await queue.cancel_job(job_id)
        disk.go_on.set()
        await asyncio.sleep(0.3)
        await worker.stop()
    recorded = [chapter.finished.audio_file_id for chapter in await queue.get_chapters(job_id) if chapter.finished]
    assert len(recorded) == {"c0001": 0, "c0002": 1, "book": 2}[disk.part]
    assert all([await disk.exists(file_id) for file_id in recorded])
    assert await outcomes(queue, job_id) == ["cancelled"]


async def test_files_that_appear_while_their_folder_is_removed_go_too(storage: LocalStorage) -> None:
    """Two clear a folder away while somebody still writes into it."""
    job_id = "00000000-0000-7000-8000-000000000001"
    await storage.prepare()
    folder, written = storage.folder / job_id, threading.Event()

    def write() -> None:
        for number in range(3000):
            with suppress(FileNotFoundError, FileExistsError):
                folder.mkdir(exist_ok=True)
                (folder / f"{job_id}.c{number:04}-1.m4a").touch()
        written.set()

    async def remove() -> None:
        while not written.is_set():
            await storage.delete_job(job_id)
        await storage.delete_job(job_id)

    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.to_thread(write))
        for _ in range(2):
            group.create_task(remove())
    assert lying_there(storage) == []
