"""Many machines, one Redis: nothing but the Redis is shared."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from pathlib import Path
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from tests.conformance.samples import new_job
from tests.worker.at_work import Studio, chapters_are_finished, eventually, final, finished_chapters, processing
from tests.worker.samples import DONE, book
from tests.worker.tone_engine import ToneEngine
from ttsqueue.app import open_queue
from ttsqueue.errors import SettingsError
from ttsqueue.jobs import ClaimedJob, JobStatus
from ttsqueue.listing import JobFilter
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.result import JobResult
from ttsqueue.settings import load_settings
from ttsqueue.storage import LocalStorage

from .at_work import machine, opened


def settings_of(machine: Path, url: str, **more: str) -> dict[str, str]:
    return {
        "QUEUE_PROVIDER": "redis",
        "REDIS_URL": url,
        "TTSQUEUE_DATA": str(machine),
        "WORKER_ID": machine.name,
    } | more


async def test_start_worker_with_a_handler_of_ones_own_needs_two_variables(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in the guide: set QUEUE_PROVIDER and REDIS_URL, then provider.startWorker(handler)."""
    for name, value in settings_of(tmp_path / "one", url).items():
        monkeypatch.setenv(name, value)

    async def handler(job: ClaimedJob) -> JobResult:
        assert [chapter.chapter_id for chapter in job.chapters] == ["ch1", "ch2"]
        return DONE

    async with open_queue() as queue:
        job_id = await queue.add_job(book(2))
        working = asyncio.create_task(queue.start_worker(handler))
        job = await final(queue, job_id)
        working.cancel()
        await asyncio.wait({working})
    assert (job.status, job.worker_id) == (JobStatus.COMPLETED, "one")


async def test_machines_share_the_work_and_no_job_is_done_twice(url: str, provider: RedisProvider) -> None:
    handled: list[tuple[str, str]] = []

    async def handler(job: ClaimedJob) -> JobResult:
        handled.append((job.id, job.job.worker_id or ""))
        await asyncio.sleep(0.02)
        return DONE

    jobs = await asyncio.gather(*(provider.add(new_job(1)) for _ in range(60)))
    async with (
        machine(url, handler, name="one", slots=2),
        machine(url, handler, name="two", slots=2),
        machine(url, handler, name="three", slots=2),
    ):
        await eventually(lambda: _are_done(provider, 60))
    assert Counter(job_id for job_id, _ in handled) == Counter(job.id for job in jobs)
    assert {worker for _, worker in handled} == {"one", "two", "three"}


async def _are_done(provider: RedisProvider, number: int) -> bool:
    return (await provider.stats()).completed == number


async def test_a_running_job_is_cancelled_from_another_machine(url: str) -> None:
    stopped = asyncio.Event()

    async def handler(_: ClaimedJob) -> JobResult:
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            stopped.set()
            raise
        return DONE

    async with opened(url) as elsewhere, machine(url, handler, name="one"):
        job_id = await elsewhere.add_job(book(1))
        await processing(elsewhere, job_id)
        began = time.monotonic()
        cancelled = await elsewhere.cancel_job(job_id)
        assert cancelled.status is JobStatus.CANCELLED
        await asyncio.wait_for(stopped.wait(), 2)
        assert time.monotonic() - began < 2
        assert (await elsewhere.get_job(job_id)).status is JobStatus.CANCELLED


async def test_a_book_begun_on_one_machine_is_finished_on_another_that_has_the_same_store_of_sound(
    url: str, tmp_path: Path
) -> None:
    """Finished chapters are not spoken again. The sound is shared, as in a bucket; all else is each machine's own."""
    sound = LocalStorage(tmp_path / "shared")
    async with opened(url) as one:
        job_id = await one.add_job(book(3))
        async with Studio(one, sound, [ToneEngine()]).narrating(chapters=1, name="one") as worker:
            await chapters_are_finished(one, job_id, 1)
            await worker.stop()
    async with opened(url) as two:
        kept = await finished_chapters(two, job_id)
        async with Studio(two, sound, [ToneEngine()]).narrating(name="two"):
            job = await final(two, job_id)
        workers = [attempt.worker_id for attempt in await two.get_attempts(job_id)]
    assert job.result is not None
    assert kept
    assert {index: job.result.audio_file_ids[index] for index in kept} == kept
    assert (workers[0], workers[-1]) == ("one", "two")


async def test_a_users_list_costs_the_same_however_many_jobs_others_have(provider: RedisProvider, redis: Redis) -> None:
    user = str(uuid4())
    mine = [await provider.add(new_job(1, user_id=user)) for _ in range(3)]

    async def cost() -> tuple[int, int]:
        await redis.config_resetstat()
        page = await provider.page(JobFilter(user_id=user), 10)
        assert [job.id for job in page.jobs] == [job.id for job in reversed(mine)]
        known = await redis.info("commandstats")
        scans = sum(each["calls"] for name, each in known.items() if "scan" in name or name == "cmdstat_keys")
        calls = sum(each["calls"] for name, each in known.items() if "info" not in name and "config" not in name)
        return calls, scans

    await cost()
    few = await cost()
    await asyncio.gather(*(provider.add(new_job(1)) for _ in range(500)))
    assert await cost() == few
    assert few[1] == 0


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (None, "needs REDIS_URL"),
        ("https://eu1-books.upstash.io", "rediss://default@eu1-books.upstash.io:6379"),
        ("http://localhost:8079", "REST API"),
        ("localhost:6379", "must be redis://"),
    ],
)
async def test_an_address_that_no_queue_can_use_is_refused_with_what_to_write_instead(
    url: str | None, sentence: str
) -> None:
    settings = load_settings({"QUEUE_PROVIDER": "redis", "REDIS_URL": url})
    with pytest.raises(SettingsError, match=sentence):
        async with open_queue(settings):
            pass
