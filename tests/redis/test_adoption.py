"""Other programs put jobs into the queue and take them out of it: BullMQ's own client stands for them here."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from bullmq import Job as BullJob
from bullmq import Queue, Worker
from redis.asyncio import Redis

from tests.conformance.samples import EVERYTHING, claim_one, complete, new_job
from ttsqueue.jobs import Job, JobStatus, NewJob
from ttsqueue.outcome import Fail
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.redis.adoption import described
from ttsqueue.providers.redis.keys import BULL, PREFIX, QUEUE

NAME = "generate-tts"
PAGE = (Path(__file__).parents[2] / "docs" / "bullmq.md").read_text("utf-8")


def data(**changes: object) -> dict[str, Any]:
    return {
        "workId": str(uuid4()),
        "userId": str(uuid4()),
        "jobType": "full_book",
        "title": "Fog",
        "chapters": [{"chapterId": "ch1", "title": "One", "text": "Fog came in."}],
        "voiceSettings": {"voiceId": "default", "speed": 1.0},
    } | changes


async def soon(found: Callable[[], Awaitable[Any]], seconds: float = 3) -> Any:
    """The first answer that is something."""
    async with asyncio.timeout(seconds):
        while True:
            if answer := await found():
                return answer
            await asyncio.sleep(0.02)


def worker_options(url: str) -> dict[str, Any]:
    """Of BullMQ's own worker. redis-py's limit of five seconds would keep it from waking."""
    at = urlsplit(url)
    connection = {"host": at.hostname, "port": at.port, "db": int(at.path[1:]), "socket_timeout": 30}
    return {"connection": connection, "prefix": PREFIX}


async def with_status(provider: RedisProvider, status: JobStatus) -> Job | None:
    jobs = (await provider.page(EVERYTHING, 10)).jobs
    return next((job for job in jobs if job.status is status), None)


async def listening(provider: RedisProvider) -> None:
    await provider.wait_for_work(0.1)


async def test_a_job_of_another_producer_is_adopted_within_a_second(provider: RedisProvider, bullmq: Queue) -> None:
    await listening(provider)
    given = data()
    job_id = str(uuid4())
    await bullmq.add(NAME, given, {"jobId": job_id})
    job = await soon(lambda: with_status(provider, JobStatus.PENDING), 1)
    assert (job.id, job.work_id, job.user_id) == (job_id, given["workId"], given["userId"])
    assert (job.priority, job.title, job.total_chapters, job.max_attempts) == (5, "Fog", 1, 3)
    assert (await provider.payload(job_id)).chapters[0].text == "Fog came in."


async def test_a_job_of_another_producer_is_adopted_when_it_is_claimed(provider: RedisProvider, bullmq: Queue) -> None:
    await bullmq.add(NAME, data(), {"jobId": str(uuid4()), "priority": 2})
    claim = await claim_one(provider)
    assert claim.job.priority == 2


async def test_ids_that_bullmq_made_get_one_of_ours_beside_them(provider: RedisProvider, bullmq: Queue) -> None:
    made = await bullmq.add(NAME, data(), {})
    claim = await claim_one(provider)
    assert len(claim.job.id) == 36
    await provider.settle(claim.lease, complete())
    assert await bullmq.getJobState(made.id) == "completed"


async def test_texts_move_out_of_the_job_data(provider: RedisProvider, bullmq: Queue, redis: Redis) -> None:
    await bullmq.add(NAME, data(), {"jobId": (job_id := str(uuid4()))})
    await claim_one(provider)
    kept = json.loads(await redis.hget(f"{BULL}{job_id}", "data") or "")
    assert "chapters" not in kept
    assert await redis.hget(kept["bookKey"], "payload")


EVERY_NAME = {
    "jobType": "sample",
    "voiceSettings": {"voiceId": "espeak:de", "speed": 1.2},
    "title": "Mist",
    "author": "Ada Keeper",
    "language": "de",
    "format": "mp3",
    "coverFileId": "cover.jpg",
    "priority": 3,
}
IGNORED = {"delaySeconds": 60, "runAt": "2030-01-01T00:00:00Z", "maxAttempts": 7, "isPremium": True, "cover": "data:,"}


def test_exactly_what_the_page_lists_is_taken_of_the_data_of_a_job() -> None:
    listed = re.findall(r"`(\w+)`", PAGE.partition("and if you like")[2].partition("Nothing else")[0])
    assert listed == [*EVERY_NAME]
    given = data()

    def meant(**changes: object) -> NewJob:
        return described(("1", json.dumps(given | changes), "0", "{}", ""))

    assert [name for name, value in EVERY_NAME.items() if meant(**{name: value}) == meant()] == []
    assert meant(**IGNORED) == meant()
    assert described(("1", json.dumps(given), "2", '{"attempts": 7}', "")) == replace(
        meant(), priority=2, max_attempts=7
    )


async def test_a_job_that_cannot_be_spoken_fails_and_says_why(provider: RedisProvider, bullmq: Queue) -> None:
    bad = {
        "workId must be a UUID": data(workId="tide"),
        "The payload needs a list of chapters": {"workId": str(uuid4()), "userId": str(uuid4())},
        "The book is empty": data(chapters=[{"chapterId": "a", "text": " "}]),
        "priority must be a whole number from 1 to 10": data(priority=99),
    }
    ids = {reason: (await bullmq.add(NAME, given, {})).id for reason, given in bad.items()}
    assert await provider.claim("w") == []
    for reason, job_id in ids.items():
        failed = await BullJob.fromId(bullmq, job_id)
        assert reason in failed.failedReason


async def test_the_same_book_twice_is_refused_with_the_id_of_the_first(provider: RedisProvider, bullmq: Queue) -> None:
    new = new_job()
    first = await provider.add(new)
    given = data(workId=new.work_id, userId=new.user_id)
    given["chapters"] = [{"chapterId": each.chapter_id, "text": each.text} for each in new.chapters]
    made = await bullmq.add(NAME, given, {})
    await provider.prune()
    refused = await BullJob.fromId(bullmq, made.id)
    assert refused.failedReason == f"The same job is already pending, as {first.id}."


async def test_delayed_jobs_of_others_keep_their_time(provider: RedisProvider, bullmq: Queue) -> None:
    await bullmq.add(NAME, data(), {"delay": 600, "jobId": str(uuid4())})
    await provider.prune()
    job = await with_status(provider, JobStatus.PENDING)
    assert job is not None
    assert 0.3 < (job.run_at - job.created_at).total_seconds() < 0.7
    assert await provider.claim("w") == []
    await asyncio.sleep(0.7)
    assert (await claim_one(provider)).job.id == job.id


async def test_a_pending_job_that_a_tool_removes_is_shown_as_cancelled(provider: RedisProvider, bullmq: Queue) -> None:
    await listening(provider)
    job = await provider.add(new_job())
    await bullmq.remove(job.id)
    gone = await soon(lambda: with_status(provider, JobStatus.CANCELLED))
    assert gone.last_error == "Removed from the queue by another program."
    assert [change.reason for change in await provider.history(job.id)] == ["", "removed"]


async def test_a_failed_job_that_a_tool_retries_is_pending_again(provider: RedisProvider, bullmq: Queue) -> None:
    await listening(provider)
    job = await provider.add(new_job())
    await provider.settle((await claim_one(provider)).lease, Fail("no voice"))
    failed = await BullJob.fromId(bullmq, job.id)
    await failed.retry()
    again = await soon(lambda: with_status(provider, JobStatus.PENDING))
    assert (again.attempts, again.error_message) == (0, None)
    assert (await claim_one(provider)).job.id == job.id


async def test_finished_jobs_that_a_tool_cleans_stay_in_our_lists(provider: RedisProvider, bullmq: Queue) -> None:
    job = await provider.add(new_job())
    await provider.settle((await claim_one(provider)).lease, complete())
    await asyncio.sleep(0.01)
    await bullmq.clean(0, 10, "completed")
    await provider.prune()
    assert (await provider.get(job.id)).status is JobStatus.COMPLETED
    await provider.delete(job.id)


async def test_a_failed_job_that_was_cleaned_away_can_be_retried(provider: RedisProvider, bullmq: Queue) -> None:
    job = await provider.add(new_job())
    await provider.settle((await claim_one(provider)).lease, Fail("no voice"))
    await asyncio.sleep(0.01)
    await bullmq.clean(0, 10, "failed")
    await provider.retry(job.id)
    assert (await claim_one(provider)).job.id == job.id


async def test_changes_made_while_nobody_listened_are_found_later(provider: RedisProvider, bullmq: Queue) -> None:
    job = await provider.add(new_job())
    await bullmq.remove(job.id)
    await provider.prune()
    assert (await provider.get(job.id)).status is JobStatus.CANCELLED


async def test_another_worker_may_speak_a_job_of_ours(provider: RedisProvider, url: str) -> None:
    await listening(provider)
    job = await provider.add(new_job())
    returned = {"audioFileIds": ["a.m4a"], "totalDuration": 3.5}

    async def process(_: object, __: str) -> dict[str, Any]:
        await asyncio.sleep(0.3)
        return returned

    worker = Worker(QUEUE, process, worker_options(url))
    try:
        running = await soon(lambda: with_status(provider, JobStatus.PROCESSING))
        assert running.worker_id.startswith("bullmq:")
        done = await soon(lambda: with_status(provider, JobStatus.COMPLETED))
    finally:
        await worker.close()
    assert (done.id, done.result.audio_file_ids, done.result.total_duration) == (job.id, ("a.m4a",), 3.5)
    assert [attempt.outcome for attempt in await provider.attempts(job.id)] == ["completed"]


async def test_a_running_book_is_never_taken_by_another_worker(provider: RedisProvider, redis: Redis, url: str) -> None:
    await provider.add(new_job())
    claim = await claim_one(provider)
    taken: list[str] = []

    async def process(job: Any, _: str) -> None:
        taken.append(job.id)

    worker = Worker(QUEUE, process, worker_options(url) | {"stalledInterval": 100})
    try:
        await asyncio.sleep(1.5)
    finally:
        await worker.close()
    assert taken == []
    assert await redis.pttl(f"{BULL}{claim.job.id}:lock") > 25 * 60 * 1000
    await provider.settle(claim.lease, complete())


async def test_a_heartbeat_keeps_the_lock_that_bullmq_looks_at(provider: RedisProvider, redis: Redis) -> None:
    await provider.add(new_job())
    claim = await claim_one(provider)
    lock = f"{BULL}{claim.job.id}:lock"
    await redis.pexpire(lock, 60_000)
    await redis.sadd(f"{BULL}stalled", claim.job.id)
    assert await provider.heartbeat([claim.lease]) == frozenset()
    assert await redis.pttl(lock) > 25 * 60 * 1000
    assert not await redis.sismember(f"{BULL}stalled", claim.job.id)


async def test_a_running_book_that_bullmq_takes_for_stalled_stays_with_its_worker(
    provider: RedisProvider, redis: Redis, bullmq: Queue
) -> None:
    await provider.add(new_job())
    claim = await claim_one(provider)
    await redis.delete(f"{BULL}{claim.job.id}:lock")
    await redis.lrem(f"{BULL}active", 0, claim.job.id)
    await redis.lpush(f"{BULL}wait", claim.job.id)
    await provider.prune()
    assert await provider.claim("another") == []
    assert await bullmq.getJobState(claim.job.id) == "active"
    await provider.settle(claim.lease, complete())
    assert await bullmq.getJobState(claim.job.id) == "completed"


async def test_what_bullmq_shows_of_our_jobs(provider: RedisProvider, bullmq: Queue) -> None:
    job = await provider.add(new_job())
    assert await bullmq.getJobState(job.id) == "prioritized"
    claim = await claim_one(provider)
    assert await bullmq.getJobState(job.id) == "active"
    await provider.settle(claim.lease, complete())
    shown = await BullJob.fromId(bullmq, job.id)
    assert await bullmq.getJobState(job.id) == "completed"
    assert shown.returnvalue["audioFileIds"] == ["audio-1", "audio-2", "audio-3"]
    other = await provider.add(new_job(2))
    await provider.cancel(other.id)
    assert (await BullJob.fromId(bullmq, other.id)).failedReason == "Cancelled."


async def test_what_was_removed_while_nobody_listened_is_found_by_the_first_who_does(
    url: str, provider: RedisProvider, bullmq: Queue
) -> None:
    job = await provider.add(new_job())
    await bullmq.remove(job.id)
    newcomer = RedisProvider(url)
    await newcomer.open()
    try:
        await listening(newcomer)
        removed = await soon(lambda: with_status(newcomer, JobStatus.CANCELLED))
        assert removed.id == job.id
    finally:
        await newcomer.aclose()


async def test_a_retry_by_a_tool_that_nobody_heard_of_is_found_by_the_sweep(
    provider: RedisProvider, bullmq: Queue
) -> None:
    job = await provider.add(new_job())
    await provider.settle((await claim_one(provider)).lease, Fail("no voice"))
    await (await BullJob.fromId(bullmq, job.id)).retry()
    await provider.prune()
    assert (await provider.get(job.id)).status is JobStatus.PENDING
    assert await bullmq.getJobState(job.id) == "prioritized"


async def test_a_claim_comes_upon_jobs_that_a_tool_retried(provider: RedisProvider, bullmq: Queue) -> None:
    jobs = [await provider.add(new_job()) for _ in range(3)]
    for claim in await provider.claim("w", 3):
        await provider.settle(claim.lease, Fail("no voice"))
    for job in jobs:
        await (await BullJob.fromId(bullmq, job.id)).retry()
    assert [claim.job.id for claim in await provider.claim("w", 5)] == [job.id for job in jobs]


async def test_a_job_of_another_worker_that_stalled_is_ours_to_speak(
    provider: RedisProvider, redis: Redis, bullmq: Queue
) -> None:
    """BullMQ's check for stalled jobs puts them into its plain list, whatever their priority."""
    job = await provider.add(new_job())
    await redis.zrem(f"{BULL}prioritized", job.id)
    await redis.lpush(f"{BULL}active", job.id)
    await redis.hset(f"{BULL}{job.id}", "pb", "node-1")
    await provider.prune()
    assert (await provider.get(job.id)).worker_id == "bullmq:node-1"
    await redis.lrem(f"{BULL}active", 0, job.id)
    await redis.rpush(f"{BULL}wait", job.id)
    assert (await claim_one(provider)).job.id == job.id
    assert await bullmq.getJobState(job.id) == "active"


async def test_a_job_that_is_in_none_of_the_lists_is_put_back(provider: RedisProvider, redis: Redis) -> None:
    waiting, running = await provider.add(new_job()), await provider.add(new_job())
    claim = await claim_one(provider)
    assert claim.job.id == waiting.id
    await redis.zrem(f"{BULL}prioritized", running.id)
    await redis.lrem(f"{BULL}active", 0, waiting.id)
    await provider.prune()
    await provider.settle(claim.lease, complete())
    assert (await claim_one(provider)).job.id == running.id


async def test_a_failed_job_that_another_worker_took_and_spoke_before_anybody_looked(
    provider: RedisProvider, bullmq: Queue, url: str
) -> None:
    job = await provider.add(new_job())
    await provider.settle((await claim_one(provider)).lease, Fail("no voice"))
    spoken = asyncio.Event()

    async def process(_: object, __: str) -> dict[str, Any]:
        spoken.set()
        return {"audioFileIds": ["b.m4a"], "totalDuration": 1}

    worker = Worker(QUEUE, process, worker_options(url))
    try:
        await (await BullJob.fromId(bullmq, job.id)).retry()
        await asyncio.wait_for(spoken.wait(), 5)
        await soon(lambda: _is_completed(bullmq, job.id))
    finally:
        await worker.close()
    await provider._store.adoption.follow([job.id])
    assert (await provider.get(job.id)).status is JobStatus.COMPLETED


async def _is_completed(bullmq: Queue, job_id: str) -> bool:
    return bool(await bullmq.getJobState(job_id) == "completed")


async def test_a_priority_that_others_leave_out_does_not_jump_the_queue(provider: RedisProvider, bullmq: Queue) -> None:
    """BullMQ's word for none is 0, and it runs those before all others."""
    usual = await provider.add(new_job(priority=5))
    soonest = await provider.add(new_job(priority=1))
    await bullmq.add(NAME, data(), {"jobId": (unset := str(uuid4()))})
    await bullmq.add(NAME, data(), {"jobId": (zero := str(uuid4())), "priority": 0})
    claims = await provider.claim("w", 4)
    assert [claim.job.id for claim in claims] == [soonest.id, usual.id, unset, zero]
