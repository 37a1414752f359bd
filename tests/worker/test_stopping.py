"""A worker that stops gives back what it holds; a job that is cancelled stops at once."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

from ttsqueue.jobs import ClaimedJob, JobStatus
from ttsqueue.queue import TTSQueue
from ttsqueue.result import JobResult
from ttsqueue.worker.patience import Patience
from ttsqueue.worker.running_job import RunningJob, Stop

from .at_work import (
    Studio,
    at_work,
    chapters_are_finished,
    eventually,
    final,
    finished_chapters,
    outcomes,
    processing,
    reached,
)
from .samples import DONE, book, book_of, text
from .tone_engine import ToneEngine


async def long(job: ClaimedJob) -> JobResult:
    await asyncio.sleep(60)
    return DONE


async def test_stopping_hands_the_job_back_at_once_and_unharmed(queue: TTSQueue) -> None:
    job_id = await queue.add_job(book())
    async with at_work(queue, long) as worker:
        await processing(queue, job_id)
        begin = time.monotonic()
        await worker.stop()
        assert time.monotonic() - begin < 1
    job = await queue.get_job(job_id)
    assert (job.status, job.attempts, job.claims, job.worker_id) == (JobStatus.PENDING, 0, 1, None)
    assert await outcomes(queue, job_id) == ["handed_back"]
    assert await queue.get_workers() == []


async def test_a_handler_that_does_not_stop_loses_its_job_all_the_same(queue: TTSQueue) -> None:
    stubborn = asyncio.Event()

    async def handler(job: ClaimedJob) -> JobResult:
        while not stubborn.is_set():
            with suppress(asyncio.CancelledError):
                await stubborn.wait()
        return DONE

    job_id = await queue.add_job(book())
    async with at_work(queue, handler) as worker:
        await processing(queue, job_id)
        begin = time.monotonic()
        await worker.stop()
        assert time.monotonic() - begin < 2
    assert (await queue.get_job(job_id)).status is JobStatus.PENDING
    stubborn.set()
    await asyncio.sleep(0.1)
    assert (await queue.get_job(job_id)).status is JobStatus.PENDING


async def test_a_handler_that_has_not_begun_yet_is_not_waited_for(queue: TTSQueue) -> None:
    job_id = await queue.add_job(book())
    (job,) = await queue.claim_jobs("worker-1", 1)
    running = RunningJob(queue, long, job, Patience("nothing else happens"), lambda: None)
    running.stop(Stop.HAND_BACK)
    async with asyncio.timeout(0.5):
        await running.run()
    assert (await queue.get_job(job_id)).status is JobStatus.PENDING


async def test_what_was_finished_just_then_is_completed(queue: TTSQueue) -> None:
    async def handler(job: ClaimedJob) -> JobResult:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        return DONE

    job_id = await queue.add_job(book())
    async with at_work(queue, handler) as worker:
        await processing(queue, job_id)
        await worker.stop()
    assert (await queue.get_job(job_id)).status is JobStatus.COMPLETED


async def test_finished_chapters_stay_when_the_worker_stops(studio: Studio, tone: ToneEngine) -> None:
    tone.pause = 0.005
    queue = studio.queue
    job_id = await queue.add_job(book(6, sentences=6))
    async with studio.narrating(chapters=1) as worker:
        await chapters_are_finished(queue, job_id, 2)
        await worker.stop()
    kept = await finished_chapters(queue, job_id)
    assert list(kept) == [0, 1]
    assert studio.drafts() == []
    spoken_before = len(tone.spoken)
    async with studio.narrating(chapters=1):
        job = await final(queue, job_id)
    assert job.status is JobStatus.COMPLETED
    assert (await finished_chapters(queue, job_id)).items() >= kept.items()
    again = "".join(tone.spoken[spoken_before:])
    assert text(1, 6) not in again
    assert text(2, 6) not in again
    assert text(6, 6) in again


async def test_a_cancelled_job_stops_in_the_middle_of_a_chapter(studio: Studio, tone: ToneEngine) -> None:
    tone.pause = 0.02
    queue = studio.queue
    job_id = await queue.add_job(book_of(["word " * 20, "word " * 20_000]))
    async with studio.narrating(chapters=1):
        await chapters_are_finished(queue, job_id, 1)
        await reached(queue, job_id, lambda job: len(tone.spoken) > 2)
        cancelled = await queue.cancel_job(job_id)
        begin = time.monotonic()
        await eventually(lambda: asyncio.sleep(0, not tone.at_work))
        assert time.monotonic() - begin < 2
        await asyncio.sleep(1.2)
        assert await queue.get_job(job_id) == cancelled
        kept = await finished_chapters(queue, job_id)
        assert await studio.files(cancelled) == set(kept.values())
        assert len(kept) == 1
        assert studio.drafts() == []
        # and the worker is free for the next book
        tone.pause = 0
        assert (await final(queue, await queue.add_job(book(1)))).status is JobStatus.COMPLETED


async def test_a_cancelled_job_leaves_the_others_of_the_worker_alone(queue: TTSQueue) -> None:
    release = asyncio.Event()

    async def handler(job: ClaimedJob) -> JobResult:
        await release.wait()
        return DONE

    gone, stays = [await queue.add_job(book(1)) for _ in range(2)]
    async with at_work(queue, handler, slots=2):
        await processing(queue, stays)
        await queue.cancel_job(gone)
        await asyncio.sleep(1.2)
        release.set()
        assert (await final(queue, stays)).status is JobStatus.COMPLETED
    assert (await queue.get_job(gone)).status is JobStatus.CANCELLED
    assert await outcomes(queue, gone) == ["cancelled"]


async def test_cancelled_and_retried_within_a_second_runs_again_only_once(queue: TTSQueue) -> None:
    seen: list[int] = []
    release = asyncio.Event()

    async def handler(job: ClaimedJob) -> JobResult:
        seen.append(job.lease.token)
        await release.wait()
        return DONE

    job_id = await queue.add_job(book(1))
    async with at_work(queue, handler, slots=2):
        await processing(queue, job_id)
        await queue.cancel_job(job_id)
        await queue.retry_job(job_id)
        await reached(queue, job_id, lambda job: job.claims == 2)
        await asyncio.sleep(1.2)
        release.set()
        assert (await final(queue, job_id)).status is JobStatus.COMPLETED
    assert len(seen) == 2
    assert await outcomes(queue, job_id) == ["cancelled", "completed"]
