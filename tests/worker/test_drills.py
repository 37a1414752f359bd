"""Kill -9, again and again: nothing is lost, and nothing that was finished is spoken again.

Each drill has a short version that always runs; `make drill` runs the long one.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path

import psutil
import pytest

from ttsqueue.jobs import Job, JobStatus
from ttsqueue.queue import TTSQueue
from ttsqueue.storage import Storage

from .at_work import Studio, eventually, final, finished_chapters, outcomes
from .processes import TINY, WorkerProcess, start_worker, worker_process
from .samples import book
from .sound import seconds

SENTENCES = 25


class Kept:
    """Watches that finished chapters stay as they are."""

    def __init__(self, queue: TTSQueue, storage: Storage, job_id: str) -> None:
        self._queue = queue
        self._storage = storage
        self.job_id = job_id
        self._seen: dict[int, tuple[str, int]] = {}

    def __len__(self) -> int:
        return len(self._seen)

    def _path(self, file_id: str) -> Path:
        return Path(self._storage.whereabouts(file_id))

    async def check(self) -> None:
        """Every chapter that was finished before still has its file, untouched."""
        finished = await finished_chapters(self._queue, self.job_id)
        now = {
            index: (file, Path(self._storage.whereabouts(file)).stat().st_mtime_ns) for index, file in finished.items()
        }
        assert now.items() >= self._seen.items()
        self._seen = now

    async def one_more(self) -> bool:
        """Whether a chapter was finished since the last check, or the whole job."""
        if (await self._queue.get_job(self.job_id)).status.is_final:
            return True
        return len(await finished_chapters(self._queue, self.job_id)) > len(self)

    async def is_whole(self, job: Job) -> None:
        """The job is completed, each chapter in it once, and the audiobook is as long as it says."""
        await self.check()
        assert job.status is JobStatus.COMPLETED, job.error_message
        result = job.result
        assert result is not None
        assert result.audiobook_file_id is not None
        assert list(result.audio_file_ids) == [self._seen[index][0] for index in range(job.total_chapters)]
        assert [chapter.chapter_id for chapter in result.chapters] == [f"ch{n + 1}" for n in range(job.total_chapters)]
        assert abs(seconds(self._path(result.audiobook_file_id)) - result.total_duration) < 0.1
        left = {file.id for file in await self._storage.files_of(job.id)}
        assert left == {*result.audio_file_ids, result.audiobook_file_id}


@pytest.fixture
def data(store: Path) -> Path:
    return store.parent


async def test_a_worker_killed_after_each_chapter(queue: TTSQueue, storage: Storage, data: Path) -> None:
    await kill_after_each_chapter(queue, storage, data, chapters=3)


@pytest.mark.drill
async def test_a_worker_killed_after_each_of_12_chapters(queue: TTSQueue, storage: Storage, data: Path) -> None:
    await kill_after_each_chapter(queue, storage, data, chapters=12)


async def kill_after_each_chapter(queue: TTSQueue, storage: Storage, data: Path, chapters: int) -> None:
    """With three attempts, and more kills than that."""
    kept = Kept(queue, storage, await queue.add_job(book(chapters, SENTENCES, max_attempts=3)))
    while len(kept) < chapters:
        async with worker_process(data, TTSQUEUE_CHAPTERS="2") as worker:
            assert worker.name == "worker-1"
            await eventually(kept.one_more)
            await worker.kill()
        await kept.check()
    async with worker_process(data):
        await kept.is_whole(await final(queue, kept.job_id))
    assert set(await outcomes(queue, kept.job_id)) <= {"lost", "completed"}


async def test_a_worker_killed_at_random_moments(queue: TTSQueue, storage: Storage, data: Path) -> None:
    await kill_at_random(queue, storage, data, chapters=3, kills=4)


@pytest.mark.drill
async def test_a_worker_killed_at_30_random_moments(queue: TTSQueue, storage: Storage, data: Path) -> None:
    await kill_at_random(queue, storage, data, chapters=12, kills=30)


async def kill_at_random(queue: TTSQueue, storage: Storage, data: Path, chapters: int, kills: int) -> None:
    chance = random.Random(kills)
    kept = Kept(queue, storage, await queue.add_job(book(chapters, 2 * SENTENCES, max_attempts=100)))
    for _ in range(kills):
        async with worker_process(data, TTSQUEUE_CHAPTERS="2") as worker:
            await asyncio.sleep(chance.uniform(0.0, 1.2))
            await worker.kill()
        await kept.check()
    async with worker_process(data):
        await kept.is_whole(await final(queue, kept.job_id, within=120))


async def test_an_engine_killed_after_each_chapter(speaking: Studio) -> None:
    await kill_engine_after_each_chapter(speaking, chapters=3)


@pytest.mark.drill
async def test_an_engine_killed_after_each_of_12_chapters(speaking: Studio) -> None:
    await kill_engine_after_each_chapter(speaking, chapters=12)


async def kill_engine_after_each_chapter(speaking: Studio, chapters: int) -> None:
    queue = speaking.queue
    kept = Kept(queue, speaking.storage, await queue.add_job(book(chapters, SENTENCES, max_attempts=3)))
    async with speaking.narrating(chapters=1) as worker:
        while len(kept) < chapters:
            await eventually(kept.one_more)
            await kept.check()
            kill_engines()
        await kept.is_whole(await final(queue, kept.job_id))
        assert not worker.task.done()


@pytest.mark.drill
async def test_an_engine_killed_at_30_random_moments(speaking: Studio) -> None:
    chance = random.Random(30)
    queue = speaking.queue
    kept = Kept(queue, speaking.storage, await queue.add_job(book(12, 4 * SENTENCES, max_attempts=100)))
    killed = 0
    async with speaking.narrating(chapters=2) as worker:
        while killed < 30 and not (await queue.get_job(kept.job_id)).status.is_final:
            await asyncio.sleep(chance.uniform(0.0, 0.3))
            killed += kill_engines()
            await kept.check()
        await kept.is_whole(await final(queue, kept.job_id, within=120))
        assert not worker.task.done()
    assert killed > 10


def kill_engines() -> int:
    """kill -9 what speaks in this process; returns how many there were."""
    return sum(_is_killed(child) for child in psutil.Process().children())


def _is_killed(child: psutil.Process) -> bool:
    try:
        speaks = any("espeak_child" in part for part in child.cmdline())
        if speaks:
            child.kill()
    except psutil.Error:  # it ended by itself just now
        return False
    return speaks


async def test_two_workers_killed_over_100_jobs(queue: TTSQueue, data: Path) -> None:
    await kill_over_many_jobs(queue, data, jobs=100, kills=3)


@pytest.mark.drill
async def test_two_workers_killed_over_2000_jobs(queue: TTSQueue, data: Path) -> None:
    await kill_over_many_jobs(queue, data, jobs=2000, kills=20)


async def kill_over_many_jobs(queue: TTSQueue, data: Path, jobs: int, kills: int) -> None:
    chance = random.Random(jobs)
    ids = await asyncio.gather(*(queue.add_job(book(1, max_attempts=10)) for _ in range(jobs)))
    workers = {name: await _tiny(data, name) for name in ("a", "b")}
    for _ in range(kills):
        await asyncio.sleep(chance.uniform(0.0, 0.5))
        name = chance.choice(("a", "b"))
        await workers[name].kill()
        workers[name] = await _tiny(data, name)

    async def all_are_final() -> bool:
        stats = await queue.get_queue_stats()
        return stats.completed + stats.failed == jobs

    await eventually(all_are_final, within=120)
    for worker in workers.values():
        await worker.kill()
    await _each_was_done_once(queue, data, ids)


async def _tiny(data: Path, name: str) -> WorkerProcess:
    return await start_worker(data, name, *TINY, SLOTS="4", PAUSE="0.05")


async def _each_was_done_once(queue: TTSQueue, data: Path, ids: list[str]) -> None:
    """A job that was handled twice is one whose first worker died before it could say so."""
    handled = Counter(line.split()[0] for line in (data / "done").read_text().splitlines())
    assert set(handled) == set(ids)
    for job_id in ids:
        ended = await outcomes(queue, job_id)
        assert ended[-1] == "completed"
        assert set(ended[:-1]) <= {"lost"}
        assert handled[job_id] <= len(ended)
        assert (await queue.get_job(job_id)).status is JobStatus.COMPLETED
