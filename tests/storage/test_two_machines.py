"""Two computers share a bucket and a job store, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.s3_server import Bucket
from tests.worker.at_work import eventually, final, finished_chapters, opened, outcomes
from tests.worker.processes import WorkerProcess, start_worker
from tests.worker.samples import book
from tests.worker.sound import seconds
from ttsqueue.jobs import JobStatus
from ttsqueue.queue import TTSQueue
from ttsqueue.storage.bucket import BucketStorage


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "shared.db"


@pytest.fixture
async def queue(store: Path) -> AsyncIterator[TTSQueue]:
    async with opened(store) as queue:
        yield queue


async def machine(name: str, tmp_path: Path, store: Path, bucket: Bucket) -> WorkerProcess:
    folder = tmp_path / name
    folder.mkdir(exist_ok=True)
    settings = {"TTSQUEUE_STORAGE": bucket.storage_url, "DATABASE_URL": f"sqlite:///{store}", "TTSQUEUE_CHAPTERS": "1"}
    return await start_worker(folder, name, **settings)


async def test_a_book_whose_worker_was_killed_is_finished_on_another_machine(
    queue: TTSQueue, remote: BucketStorage, bucket: Bucket, store: Path, tmp_path: Path
) -> None:
    job_id = await queue.add_job(book(4, sentences=12))

    async def two_are_spoken() -> bool:
        return len(await finished_chapters(queue, job_id)) >= 2

    first = await machine("first", tmp_path, store, bucket)
    try:
        await eventually(two_are_spoken)
    finally:
        await first.kill()
    kept = await finished_chapters(queue, job_id)
    assert 2 <= len(kept) < 4
    assert await queue.release_worker("first") == 1
    second = await machine("second", tmp_path, store, bucket)
    try:
        job = await final(queue, job_id)
    finally:
        await second.terminate()

    assert job.status is JobStatus.COMPLETED
    assert await outcomes(queue, job_id) == ["lost", "completed"]
    result = job.result
    assert result is not None
    assert result.audiobook_file_id is not None
    assert {index: result.audio_file_ids[index] for index in kept} == kept
    made = {*result.audio_file_ids, result.audiobook_file_id}
    assert {key.rpartition("/")[2] for key in bucket.objects()} == made
    async with remote.at_hand([result.audiobook_file_id]) as files:
        assert abs(seconds(files[result.audiobook_file_id]) - result.total_duration) < 0.1
    assert [path for path in (tmp_path / "second" / "workbench").rglob("*") if path.is_file()] == []
    assert not (tmp_path / "second" / "audio").exists()
