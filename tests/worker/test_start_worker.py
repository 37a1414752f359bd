"""A worker with a handler of the user's own: `queue.start_worker(handler)`."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ttsqueue.errors import EngineError, RateLimited
from ttsqueue.jobs import ClaimedJob, JobStatus
from ttsqueue.queue import TTSQueue
from ttsqueue.result import JobResult

from .at_work import at_work, final, outcomes, processing, reached
from .samples import DONE, book


async def done(job: ClaimedJob) -> JobResult:
    return DONE


async def test_a_handler_gets_the_whole_book_and_its_result_completes_the_job(queue: TTSQueue) -> None:
    seen: list[ClaimedJob] = []

    async def handler(job: ClaimedJob) -> JobResult:
        seen.append(job)
        return DONE

    added = book(2)
    job_id = await queue.add_job(added)
    working = asyncio.create_task(queue.start_worker(handler))
    job = await final(queue, job_id)
    working.cancel()
    await asyncio.wait({working})
    assert job.status is JobStatus.COMPLETED
    assert job.progress_percent == 100
    assert job.result is not None
    assert job.result.audio_file_ids == DONE.audio_file_ids
    assert [chapter.text for chapter in seen[0].chapters] == [chapter.text for chapter in added.chapters]


async def test_a_handler_may_return_a_mapping_with_the_names_of_the_guide(queue: TTSQueue) -> None:
    async def handler(job: ClaimedJob) -> Mapping[str, Any]:
        return {"audioFileIds": ["a", "b"], "totalDuration": 12.5}

    job_id = await queue.add_job(book())
    async with at_work(queue, handler):
        job = await final(queue, job_id)
    assert job.result is not None
    assert job.result.audio_file_ids == ("a", "b")
    assert job.result.total_duration == 12.5


async def test_a_handler_reports_progress_by_the_bare_id(queue: TTSQueue) -> None:
    go_on = asyncio.Event()

    async def handler(job: ClaimedJob) -> JobResult:
        await queue.update_progress(job.id, progress_percent=47, current_chapter=2)
        await go_on.wait()
        return DONE

    job_id = await queue.add_job(book(3))
    async with at_work(queue, handler):
        job = await reached(queue, job_id, lambda job: job.progress_percent == 47)
        assert job.progress_message == "Processing chapter 2 of 3"
        go_on.set()
        assert (await final(queue, job_id)).progress_percent == 100


async def test_an_error_is_tried_again_and_told_in_a_sentence(
    queue: TTSQueue, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[int] = []

    async def handler(job: ClaimedJob) -> JobResult:
        tries.append(job.job.attempts)
        if len(tries) == 1:
            raise ValueError("no sound from https://user:secret@tts.internal:8000/speech\nsecond line")
        return DONE

    job_id = await queue.add_job(book())
    async with at_work(queue, handler):
        job = await final(queue, job_id)
    assert tries == [1, 2]
    assert job.status is JobStatus.COMPLETED
    first, _ = await queue.get_attempts(job_id)
    assert first.outcome == "retried"
    assert first.error == "ValueError: no sound from (hidden)"
    assert any(record.exc_info for record in caplog.records if record.name == "ttsqueue.worker")


async def test_a_job_fails_when_its_attempts_are_used_up(queue: TTSQueue) -> None:
    async def handler(job: ClaimedJob) -> JobResult:
        raise EngineError("The voice is hoarse.", code="HOARSE")

    job_id = await queue.add_job(book(max_attempts=3))
    async with at_work(queue, handler):
        job = await final(queue, job_id)
    assert job.status is JobStatus.FAILED
    assert (job.error_message, job.error_code) == ("The voice is hoarse.", "HOARSE")
    assert await outcomes(queue, job_id) == ["retried", "retried", "failed"]


async def test_attempts_wait_longer_each_time(queue: TTSQueue) -> None:
    began: list[float] = []

    async def handler(job: ClaimedJob) -> JobResult:
        began.append(asyncio.get_running_loop().time())
        raise EngineError("The voice is hoarse.")

    job_id = await queue.add_job(book(max_attempts=3))
    async with at_work(queue, handler):
        await final(queue, job_id)
    first, second = (later - sooner for sooner, later in pairwise(began))
    assert 0.1 <= first < 0.35
    assert 0.2 <= second < 0.45


async def test_an_error_that_cannot_get_better_is_not_tried_again(queue: TTSQueue) -> None:
    async def handler(job: ClaimedJob) -> JobResult:
        raise EngineError("The server refused the text.", code="REFUSED", retryable=False)

    job_id = await queue.add_job(book())
    async with at_work(queue, handler):
        job = await final(queue, job_id)
    assert (job.status, job.attempts) == (JobStatus.FAILED, 1)


async def test_being_told_to_slow_down_costs_no_attempt(queue: TTSQueue) -> None:
    tries: list[int] = []

    async def handler(job: ClaimedJob) -> JobResult:
        tries.append(job.job.attempts)
        if len(tries) < 5:
            raise RateLimited("Too many requests.")
        return DONE

    job_id = await queue.add_job(book(max_attempts=1))
    async with at_work(queue, handler):
        job = await final(queue, job_id)
    assert job.status is JobStatus.COMPLETED
    assert tries == [1] * 5


@pytest.mark.parametrize(
    "leave",
    [asyncio.CancelledError(), SystemExit(3), RuntimeError("boom")],
    ids=["CancelledError", "SystemExit", "RuntimeError"],
)
async def test_nothing_that_a_handler_raises_ends_the_worker(queue: TTSQueue, leave: BaseException) -> None:
    async def handler(job: ClaimedJob) -> JobResult:
        if job.id == bad:
            raise leave
        return DONE

    bad = await queue.add_job(book(max_attempts=1))
    good = await queue.add_job(book())
    async with at_work(queue, handler) as worker:
        assert (await final(queue, bad)).status is JobStatus.FAILED
        assert (await final(queue, good)).status is JobStatus.COMPLETED
        assert not worker.task.done()


@pytest.mark.parametrize("wrong", [None, "done", {"chapters": [{}]}, {"audioFileIds": 7}])
async def test_a_result_that_is_none_fails_the_job_with_a_reason(queue: TTSQueue, wrong: Any) -> None:
    async def handler(job: ClaimedJob) -> Any:
        return wrong

    job_id = await queue.add_job(book(max_attempts=1))
    async with at_work(queue, handler):
        job = await final(queue, job_id)
    assert job.status is JobStatus.FAILED
    assert job.error_message


async def test_a_malformed_book_fails_and_the_next_one_is_spoken(queue: TTSQueue, store: Path) -> None:
    bad = await queue.add_job(book(priority=1))
    good = await queue.add_job(book(priority=5))
    change = "UPDATE tts_payloads SET body = '{}' WHERE job = (SELECT seq FROM tts_jobs WHERE id = ?)"
    with closing(sqlite3.connect(store)) as rows, rows:
        changed = rows.execute(change, (bad,)).rowcount
    assert changed == 1
    async with at_work(queue, done):
        assert (await final(queue, good)).status is JobStatus.COMPLETED
    assert (await queue.get_job(bad)).status is JobStatus.FAILED


async def test_as_many_jobs_run_side_by_side_as_there_are_slots(queue: TTSQueue) -> None:
    running, most = 0, 0

    async def handler(job: ClaimedJob) -> JobResult:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.05)
        running -= 1
        return DONE

    ids = [await queue.add_job(book(1)) for _ in range(9)]
    async with at_work(queue, handler, slots=3):
        for job_id in ids:
            await final(queue, job_id)
    assert most == 3


async def test_a_worker_claims_no_more_than_it_can_speak(queue: TTSQueue) -> None:
    async def handler(job: ClaimedJob) -> JobResult:
        await asyncio.sleep(60)
        return DONE

    ids = [await queue.add_job(book(1)) for _ in range(3)]
    async with at_work(queue, handler, slots=1):
        await processing(queue, ids[0])
        await asyncio.sleep(0.3)
        assert (await queue.get_queue_stats()).processing == 1


async def test_the_log_tells_of_jobs_and_never_their_texts(queue: TTSQueue, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "ttsqueue.worker")
    job_id = await queue.add_job(book())
    async with at_work(queue, done):
        await final(queue, job_id)
        await asyncio.sleep(0.05)
    lines = [record.getMessage() for record in caplog.records if job_id in record.getMessage()]
    assert len(lines) == 2
    assert "claimed" in lines[0]
    assert "finished" in lines[1]
    assert "keeper" not in caplog.text


async def test_what_a_handler_reports_may_hold_letters_that_no_store_takes(queue: TTSQueue) -> None:
    async def handler(job: ClaimedJob) -> JobResult:
        told = await queue.update_progress(job.id, progress_message="Half\x00 way\ud800")
        raise EngineError(f"{told.progress_message}, then \ud800 nothing.", retryable=False)

    job_id = await queue.add_job(book())
    async with at_work(queue, handler):
        job = await final(queue, job_id)
    assert job.error_message == "Half way, then  nothing."
