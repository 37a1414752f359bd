"""Workers of other programs take books before we know of them, end them without a trace, and are slow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from bullmq import Job as BullJob
from bullmq import Queue, UnrecoverableError, Worker
from redis.asyncio import Redis

from tests.conformance.samples import HAND_BACK, claim_one, new_job
from ttsqueue.errors import JobNotFound, LeaseLost
from ttsqueue.jobs import JobStatus, Lease
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.redis.keys import BULL, QUEUE
from ttsqueue.queue import TTSQueue

from .test_adoption import NAME, data, listening, soon, with_status, worker_options

Process = Callable[[BullJob], Awaitable[object]]
RESULT = {"audioFileIds": ["a.m4a"], "totalDuration": 3.5}


@asynccontextmanager
async def another_worker(url: str, process: Process, **options: Any) -> AsyncIterator[None]:
    async def called(job: BullJob, _: str) -> object:
        return await process(job)

    worker = Worker(QUEUE, called, worker_options(url) | options)
    try:
        yield
    finally:
        await worker.close()


async def speak(_: BullJob) -> object:
    return RESULT


async def fail(_: BullJob) -> object:
    raise UnrecoverableError("no voice")


async def in_state(bullmq: Queue, job_id: str, state: str) -> bool:
    return bool(await bullmq.getJobState(job_id) == state)


async def test_a_book_of_others_that_another_worker_has_at_once_is_ours_too(
    provider: RedisProvider, bullmq: Queue, url: str
) -> None:
    taken, go_on = asyncio.Event(), asyncio.Event()

    async def process(job: BullJob) -> object:
        assert job.data["chapters"]
        taken.set()
        await asyncio.wait_for(go_on.wait(), 5)
        return RESULT

    async with another_worker(url, process):
        given = data()
        await bullmq.add(NAME, given, {"jobId": (job_id := str(uuid4()))})
        await asyncio.wait_for(taken.wait(), 5)
        await listening(provider)
        running = await soon(lambda: with_status(provider, JobStatus.PROCESSING))
        assert (running.id, running.work_id, running.title) == (job_id, given["workId"], "Fog")
        assert (running.worker_id or "").startswith("bullmq:")
        assert (await provider.payload(job_id)).chapters[0].text == "Fog came in."
        go_on.set()
        done = await soon(lambda: with_status(provider, JobStatus.COMPLETED))
    assert done.result.total_duration == 3.5


@pytest.mark.parametrize(
    ("process", "status", "state"), [(speak, JobStatus.COMPLETED, "completed"), (fail, JobStatus.FAILED, "failed")]
)
async def test_a_book_of_others_that_was_over_before_anybody_listened_is_found_by_a_sweep(
    provider: RedisProvider, bullmq: Queue, url: str, process: Process, status: JobStatus, state: str
) -> None:
    async with another_worker(url, process):
        made = await bullmq.add(NAME, data(), {})
        await soon(lambda: in_state(bullmq, made.id, state))
    await provider.prune()
    job = await with_status(provider, status)
    assert job is not None
    assert job.error_message == ("no voice" if status is JobStatus.FAILED else None)
    assert [attempt.outcome for attempt in await provider.attempts(job.id)] == [state]
    assert (await BullJob.fromId(bullmq, made.id)).data["chapters"], "what is over stays the producer's"
    await provider.delete(job.id)
    await provider.prune()
    assert (await provider.stats()).completed + (await provider.stats()).failed == 0


async def test_what_we_refused_does_not_come_back_as_a_failed_book(provider: RedisProvider, bullmq: Queue) -> None:
    await listening(provider)
    new = new_job()
    first = await provider.add(new)
    given = data(workId=new.work_id, userId=new.user_id)
    given["chapters"] = [{"chapterId": each.chapter_id, "text": each.text} for each in new.chapters]
    made = await bullmq.add(NAME, given, {})
    await soon(lambda: in_state(bullmq, made.id, "failed"))
    await provider.cancel(first.id)
    await provider.prune()
    assert (await provider.stats()).failed == 0


async def test_a_book_that_is_over_and_the_same_as_an_active_one_leaves_that_one_alone(
    provider: RedisProvider, bullmq: Queue, url: str
) -> None:
    new = new_job()
    given = data(workId=new.work_id, userId=new.user_id)
    given["chapters"] = [{"chapterId": each.chapter_id, "text": each.text} for each in new.chapters]
    async with another_worker(url, speak):
        made = await bullmq.add(NAME, given, {})
        await soon(lambda: in_state(bullmq, made.id, "completed"))
    ours = await provider.add(new)
    await provider.prune()
    assert (await provider.get(ours.id)).status is JobStatus.PENDING
    assert (await provider.stats()).completed == 0


@pytest.mark.parametrize("heard", [True, False])
async def test_a_book_whose_record_its_worker_removes_at_the_end_is_completed(
    provider: RedisProvider, url: str, redis: Redis, heard: bool
) -> None:
    if heard:
        await listening(provider)
    job = await provider.add(new_job())
    async with another_worker(url, speak, removeOnComplete=True):
        await soon(lambda: _is_gone(redis, job.id))
    if not heard:
        await provider.prune()
    done = await soon(lambda: with_status(provider, JobStatus.COMPLETED))
    assert (done.result.audio_file_ids, done.result.total_duration) == (("a.m4a",), 3.5)
    assert [attempt.outcome for attempt in await provider.attempts(job.id)] == ["completed"]
    with pytest.raises(JobNotFound):  # its texts are let go
        await provider.payload(job.id)


@pytest.mark.parametrize("heard", [True, False])
async def test_a_book_whose_record_its_worker_removes_when_it_fails_has_failed(
    provider: RedisProvider, url: str, redis: Redis, heard: bool
) -> None:
    if heard:
        await listening(provider)
    job = await provider.add(new_job())
    async with another_worker(url, fail, removeOnFail=True):
        await soon(lambda: _is_gone(redis, job.id))
    if not heard:
        await provider.prune()
    failed = await soon(lambda: with_status(provider, JobStatus.FAILED))
    assert failed.error_message == "no voice"
    assert (await provider.retry(job.id)).status is JobStatus.PENDING
    assert (await claim_one(provider)).job.id == job.id


async def test_a_book_that_failed_once_and_waits_again_is_cancelled_when_a_tool_drains_the_queue(
    provider: RedisProvider, bullmq: Queue, url: str
) -> None:
    """Its last word is that it waits, not that it failed."""
    await listening(provider)
    job = await provider.add(new_job())
    async with another_worker(url, fail):
        await soon(lambda: with_status(provider, JobStatus.FAILED))
    await provider.retry(job.id)
    await bullmq.drain()
    await provider.prune()
    assert (await provider.get(job.id)).status is JobStatus.CANCELLED


async def _is_gone(redis: Redis, job_id: str) -> bool:
    return not await redis.exists(f"{BULL}{job_id}")


async def test_a_book_elsewhere_is_not_stuck_while_bullmqs_lock_on_it_lasts(
    provider: RedisProvider, redis: Redis
) -> None:
    job = await provider.add(new_job())
    await _taken_elsewhere(provider, redis, job.id)
    await asyncio.sleep(0.1)
    running = await provider.get(job.id)
    silence = timedelta(milliseconds=50)
    assert await provider.stuck(silence) == []
    lease = Lease(job.id, int(await redis.hget("{tts}:ttsqueue:job:" + job.id, "lease") or 0))
    with pytest.raises(LeaseLost):
        await provider.settle(lease, HAND_BACK, silence)
    assert (await provider.get(job.id)).worker_id == running.worker_id == "bullmq:node-1"

    await redis.delete(f"{BULL}{job.id}:lock")
    assert [claim.job.id for claim in await provider.stuck(silence)] == [job.id]
    assert await TTSQueue(provider, stuck_after=silence).reset_stuck_jobs() == 1
    assert (await provider.get(job.id)).status is JobStatus.PENDING


async def _taken_elsewhere(provider: RedisProvider, redis: Redis, job_id: str) -> None:
    await redis.zrem(f"{BULL}prioritized", job_id)
    await redis.lpush(f"{BULL}active", job_id)
    await redis.set(f"{BULL}{job_id}:lock", "a token", px=30_000)
    await redis.hset(f"{BULL}{job_id}", mapping={"pb": "node-1", "processedOn": "1"})
    await provider.prune()


@pytest.mark.parametrize(
    ("told", "percent", "message", "chapter"),
    [
        (40, 40, "", 0),
        (12.9, 12, "", 0),
        (100, 99, "", 0),
        (-5, 0, "", 0),
        (
            {"percent": 50, "message": "Processing chapter 2 of 3", "currentChapter": 2},
            50,
            "Processing chapter 2 of 3",
            2,
        ),
        ({"percent": "much", "message": 7, "currentChapter": 1e300}, 0, "", 3),
        ("half", 0, "", 0),
        ([1, 2], 0, "", 0),
        (None, 0, "", 0),
    ],
)
async def test_progress_elsewhere_is_followed(
    provider: RedisProvider, url: str, told: object, percent: int, message: str, chapter: int
) -> None:
    await listening(provider)
    job = await provider.add(new_job())
    go_on = asyncio.Event()

    async def process(taken: BullJob) -> object:
        await soon(lambda: with_status(provider, JobStatus.PROCESSING))
        await taken.updateProgress({"percent": 0, "message": "begun"})
        await soon(lambda: _says(provider, job.id, "begun"))
        await taken.updateProgress(told)
        await asyncio.wait_for(go_on.wait(), 5)
        return RESULT

    async with another_worker(url, process):
        await soon(lambda: _says(provider, job.id, "begun"))
        await asyncio.sleep(0.3)
        running = await provider.get(job.id)
        go_on.set()
        await soon(lambda: with_status(provider, JobStatus.COMPLETED))
    assert (running.progress_percent, running.current_chapter) == (percent, chapter)
    assert running.progress_message == (message or "begun")


async def _says(provider: RedisProvider, job_id: str, message: str) -> bool:
    return (await provider.get(job_id)).progress_message == message


async def test_a_book_of_others_that_runs_shows_how_far_it_is(provider: RedisProvider, bullmq: Queue, url: str) -> None:
    told, go_on = asyncio.Event(), asyncio.Event()

    async def process(job: BullJob) -> object:
        await job.updateProgress(30)
        told.set()
        await asyncio.wait_for(go_on.wait(), 5)
        return RESULT

    async with another_worker(url, process):
        await bullmq.add(NAME, data(), {})
        await asyncio.wait_for(told.wait(), 5)
        await provider.prune()
        running = await with_status(provider, JobStatus.PROCESSING)
        go_on.set()
    assert running is not None
    assert running.progress_percent == 30


async def test_a_book_that_ends_at_once_after_its_progress_has_ended(provider: RedisProvider, url: str) -> None:
    """Its end may come in the millisecond in which we hear of its progress."""
    await listening(provider)
    jobs = [await provider.add(new_job(1)) for _ in range(40)]

    async def process(job: BullJob) -> object:
        await job.updateProgress(50)
        return RESULT

    async with another_worker(url, process, concurrency=4):
        await soon(lambda: _are_completed(provider, len(jobs)), 10)


async def _are_completed(provider: RedisProvider, number: int) -> bool:
    return (await provider.stats()).completed == number


@pytest.mark.parametrize("ours", [True, False])
async def test_progress_is_news_of_books_that_are_ours_alone(
    provider: RedisProvider, bullmq: Queue, redis: Redis, ours: bool
) -> None:
    """Of another's book every report would have it read as a whole, by each process, for nothing."""
    bull = (await provider.add(new_job())).id if ours else (await bullmq.add(NAME, data(), {})).id
    events = str((await redis.xinfo_stream(f"{BULL}events"))["last-generated-id"])
    await (await BullJob.fromId(bullmq, bull)).updateProgress(40)
    assert provider._open is not None
    *_, moved = await provider._open.reading.run("news", {"changes": "9999999999999", "events": events})
    assert moved == ([bull] if ours else [])
