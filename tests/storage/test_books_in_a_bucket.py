"""Whole books whose sound lies in a bucket, in this process: trouble on the way, and what stays."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import obstore
import pytest

from tests.audio.test_cover import png
from tests.s3_server import Bucket, S3Server
from tests.worker.at_work import Studio, eventually, final, finished_chapters, opened, outcomes, reached
from tests.worker.samples import book, book_of, in_format, text
from tests.worker.sound import pictures, seconds
from tests.worker.tone_engine import ToneEngine, poison
from ttsqueue.covers import readable_cover, store_cover
from ttsqueue.jobs import Job, JobStatus
from ttsqueue.queue import TTSQueue
from ttsqueue.removal import remove_job
from ttsqueue.storage.bucket import BucketStorage

from .files import left_on_disk
from .gateway import Gateway, gateway


@pytest.fixture
async def queue(tmp_path: Path) -> AsyncIterator[TTSQueue]:
    async with opened(tmp_path / "ttsqueue.db") as queue:
        yield queue


@pytest.fixture
def tone() -> ToneEngine:
    return ToneEngine()


@pytest.fixture
async def studio(queue: TTSQueue, remote: BucketStorage, tone: ToneEngine) -> Studio:
    return Studio(queue, remote, [tone])


@pytest.fixture
async def troubled(
    server: S3Server, bucket: Bucket, queue: TTSQueue, tone: ToneEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Studio, Gateway]]:
    """Its bucket lies behind a gateway."""
    with gateway(server) as through:
        monkeypatch.setenv("AWS_ENDPOINT_URL", through.url)
        storage = BucketStorage.at(bucket.storage_url, tmp_path / "workbench")
        yield Studio(queue, storage, [tone]), through


def names(job: Job) -> set[str]:
    assert job.result is not None, job.error_message
    assert job.result.audiobook_file_id is not None
    return {*job.result.audio_file_ids, job.result.audiobook_file_id}


@pytest.mark.parametrize("audio_format", ["m4b", "mp3", "flac"])
async def test_a_book_is_joined_from_what_lies_in_the_bucket(studio: Studio, audio_format: str) -> None:
    job = await studio.speak(in_format(book(3), audio_format))
    assert await studio.files(job) == names(job)
    assert job.result is not None
    assert job.result.audiobook_file_id is not None
    assert left_on_disk(studio.storage) == []
    async with studio.storage.at_hand([job.result.audiobook_file_id]) as files:
        assert abs(seconds(files[job.result.audiobook_file_id]) - job.result.total_duration) < 0.1


async def test_the_cover_comes_from_the_bucket_and_goes_with_the_last_book(studio: Studio, bucket: Bucket) -> None:
    wish = book(1)
    cover = await store_cover(await readable_cover(png(60, 90)), wish.work_id, studio.storage)
    job = await studio.speak(replace(wish, book=replace(wish.book, cover_file_id=cover)))
    assert job.result is not None
    assert job.result.audiobook_file_id is not None
    async with studio.storage.at_hand([job.result.audiobook_file_id]) as files:
        assert pictures(files[job.result.audiobook_file_id]) == 1
    await remove_job(studio.queue, studio.storage, job.id)
    assert bucket.objects() == []


@pytest.mark.parametrize("damage", ["missing", "cut off"])
async def test_a_finished_chapter_whose_object_is_damaged_is_spoken_again(
    studio: Studio, remote: BucketStorage, tone: ToneEngine, damage: str
) -> None:
    tone.fault = poison("jam")
    queue = studio.queue
    job_id = await queue.add_job(book_of([text(1), text(2), "jam in the machine"], max_attempts=1))
    async with studio.narrating(chapters=1):
        await final(queue, job_id)
        kept = await finished_chapters(queue, job_id)
        key = f"{job_id}/{kept[0]}"
        if damage == "missing":
            await obstore.delete_async(remote.store, key)
        else:
            await obstore.put_async(remote.store, key, b"short")
        tone.fault = lambda piece: None
        tone.spoken.clear()
        await queue.retry_job(job_id)
        job = await final(queue, job_id)
    assert job.status is JobStatus.COMPLETED
    assert sorted(tone.spoken) == sorted([text(1), "jam in the machine"])
    assert await studio.files(job) == names(job)


async def test_a_store_that_is_away_for_a_while_costs_an_attempt_and_no_finished_chapter(
    troubled: tuple[Studio, Gateway], tone: ToneEngine
) -> None:
    studio, through = troubled
    tone.pause = 0.002
    job_id = await studio.queue.add_job(book(5, sentences=8))
    async with studio.narrating(chapters=1):
        await eventually(lambda: two_are_spoken(studio.queue, job_id))
        kept = await finished_chapters(studio.queue, job_id)
        through.refuse[" /"] = (503, "SlowDown")
        waiting = await reached(studio.queue, job_id, lambda job: job.last_error is not None)
        assert waiting.last_error == "The audio storage does not answer; try again in a moment."
        through.refuse.clear()
        job = await final(studio.queue, job_id)
    assert job.status is JobStatus.COMPLETED
    assert set(await outcomes(studio.queue, job_id)) == {"retried", "completed"}
    assert kept
    assert (await finished_chapters(studio.queue, job_id)).items() >= kept.items()
    assert await studio.files(job) == names(job)


async def two_are_spoken(queue: TTSQueue, job_id: str) -> bool:
    return len(await finished_chapters(queue, job_id)) >= 2


async def test_a_wrong_key_fails_the_book_in_one_sentence(troubled: tuple[Studio, Gateway]) -> None:
    studio, through = troubled
    through.refuse[" /"] = (403, "InvalidAccessKeyId")
    job = await studio.speak(book(1, max_attempts=2))
    assert job.status is JobStatus.FAILED
    assert job.error_message is not None
    assert job.error_message.startswith("The audio storage refuses our key;")
    assert studio.drafts() == []
