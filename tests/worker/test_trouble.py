"""Stores that do not answer, engines that die, jobs by the hundred."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from ttsqueue.jobs import ClaimedJob, JobStatus
from ttsqueue.queue import TTSQueue
from ttsqueue.result import JobResult

from .at_work import (
    Studio,
    at_work,
    chapters_are_finished,
    eventually,
    final,
    finished_chapters,
    opened,
    outcomes,
    reached,
)
from .processes import TINY, worker_process
from .samples import DONE, book, book_of, text
from .tone_engine import ToneEngine


async def test_a_locked_store_holds_up_nothing_but_the_records(
    studio: Studio, tone: ToneEngine, store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tone.pause = 0.003
    queue = studio.queue
    job_id = await queue.add_job(book(4, sentences=10))
    short = timedelta(seconds=0.2)
    async with studio.narrating(chapters=1, heartbeat_interval=short):
        await reached(queue, job_id, lambda job: bool(tone.spoken))
        await asyncio.to_thread(_lock, store, 3.0)
        job = await final(queue, job_id)
    assert job.status is JobStatus.COMPLETED
    assert await outcomes(queue, job_id) == ["completed"]
    assert len(tone.spoken) == len(set(tone.spoken))


def _lock(store: Path, seconds: float) -> None:
    """Hold the write lock, as a backup program would."""
    with closing(sqlite3.connect(store, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        signal.sigtimedwait([], seconds)
        other.execute("ROLLBACK")


async def test_a_store_that_is_away_for_longer_is_waited_for(
    queue: TTSQueue, store: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ttsqueue.providers.sqlite.patience.PATIENCE", 0.2)
    finish = asyncio.Event()

    async def handler(job: ClaimedJob) -> JobResult:
        await finish.wait()
        return DONE

    ids = [await queue.add_job(book(1)) for _ in range(2)]
    async with at_work(queue, handler, heartbeat_interval=timedelta(seconds=0.1)):
        await reached(queue, ids[0], lambda job: job.status is JobStatus.PROCESSING)
        locked = asyncio.create_task(asyncio.to_thread(_lock, store, 1.5))
        await asyncio.sleep(0.2)
        finish.set()
        await locked
        for job_id in ids:
            assert (await final(queue, job_id)).status is JobStatus.COMPLETED
            assert await outcomes(queue, job_id) == ["completed"]
    away = [record for record in caplog.records if "locked by another program" in record.getMessage()]
    assert len(away) == 1


async def test_an_engine_that_is_killed_costs_neither_an_attempt_nor_the_worker(speaking: Studio) -> None:
    queue = speaking.queue
    job_id = await queue.add_job(book_of([text(1), text(2, 150), text(3)]))
    async with speaking.narrating(chapters=1) as worker:
        await chapters_are_finished(queue, job_id, 1)
        kept = await finished_chapters(queue, job_id)
        assert _kill("espeak_child") > 0
        job = await final(queue, job_id)
        assert not worker.task.done()
    assert job.status is JobStatus.COMPLETED
    assert await outcomes(queue, job_id) == ["completed"]
    assert (await finished_chapters(queue, job_id)).items() >= kept.items()
    assert kept


def _kill(program: str) -> int:
    """kill -9 what runs this program for us; returns how many there were."""
    victims = [child for child in psutil.Process().children() if any(program in part for part in child.cmdline())]
    for victim in victims:
        victim.kill()
    return len(victims)


async def test_an_encoder_that_is_killed_costs_an_attempt_and_not_the_worker(studio: Studio, tone: ToneEngine) -> None:
    tone.pause = 0.005
    queue = studio.queue
    job_id = await queue.add_job(book_of([text(1), text(2, 40)]))
    async with studio.narrating(chapters=1):
        await reached(queue, job_id, lambda job: len(tone.spoken) > 2)
        assert _kill("chapter_child") == 1
        job = await final(queue, job_id)
    assert job.status is JobStatus.COMPLETED
    assert await outcomes(queue, job_id) == ["retried", "completed"]
    assert studio.drafts() == []


async def test_files_that_a_killed_attempt_left_behind_are_removed(studio: Studio) -> None:
    queue = studio.queue
    job_id = await queue.add_job(book(2))
    folder = studio.storage.folder / job_id
    folder.mkdir(parents=True)
    orphan, of_a_later_lease = folder / f"{job_id}.c0001-0.m4a", folder / f"{job_id}.c0001-99{13 * '0'}.m4a"
    foreign = folder / f"{job_id}.cover.jpg"
    for file in (orphan, of_a_later_lease, foreign):
        file.write_bytes(b"sound")
    async with studio.narrating():
        await final(queue, job_id)
    assert not orphan.exists()
    assert of_a_later_lease.exists()
    assert foreign.exists()


async def test_a_chapter_that_cannot_be_stored_is_tried_again(studio: Studio) -> None:
    job_id = await studio.queue.add_job(book(1))
    in_the_way = studio.storage.folder / job_id
    in_the_way.parent.mkdir(parents=True)
    in_the_way.write_bytes(b"no folder")
    async with studio.narrating():
        await reached(studio.queue, job_id, lambda job: job.last_error is not None)
        in_the_way.unlink()
        job = await final(studio.queue, job_id)
    assert job.status is JobStatus.COMPLETED
    assert await outcomes(studio.queue, job_id) == ["retried", "completed"]
    assert studio.drafts() == []


async def test_two_workers_and_200_jobs_each_once(queue: TTSQueue, store: Path) -> None:
    handled: Counter[str] = Counter()

    async def handler(job: ClaimedJob) -> JobResult:
        handled[job.id] += 1
        return DONE

    ids = await asyncio.gather(*(queue.add_job(book(1)) for _ in range(200)))

    async def all_are_completed() -> bool:
        return (await queue.get_queue_stats()).completed == 200

    async with (
        opened(store) as other,
        at_work(queue, handler, name="a", slots=3),
        at_work(other, handler, name="b", slots=3),
    ):
        await eventually(all_are_completed)
    assert handled == Counter(ids)
    for job_id in ids[::20]:
        assert await outcomes(queue, job_id) == ["completed"]


async def test_one_handler_that_blocks_for_a_moment_loses_nothing(queue: TTSQueue, store: Path) -> None:
    job_id = await queue.add_job(book())
    async with worker_process(store.parent, "worker-1", *TINY, PAUSE="0.5") as worker:
        await reached(queue, job_id, lambda job: job.status is JobStatus.PROCESSING)
        async with worker.frozen(store):
            await asyncio.sleep(1.5)
        assert (await final(queue, job_id)).status is JobStatus.COMPLETED
    assert await outcomes(queue, job_id) == ["completed"]
