"""Node programs on our queue: what docs/bullmq.md shows, and bull-board."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from httpx import AsyncClient
from redis.asyncio import Redis

from tests.conformance.samples import HAND_BACK, claim_one, complete, new_job
from tests.redis.test_adoption import soon, with_status
from tests.worker.at_work import Studio
from tests.worker.tone_engine import ToneEngine
from ttsqueue.jobs import JobStatus, Progress
from ttsqueue.outcome import Fail
from ttsqueue.process_identity import this_process
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.redis.keys import BULL
from ttsqueue.queue import TTSQueue
from ttsqueue.storage import LocalStorage
from ttsqueue.workers import Worker

from .node import HERE, node, program

QUEUE = "/api/queues/tts-generation"


@asynccontextmanager
async def board(url: str) -> AsyncIterator[AsyncClient]:
    async with node((HERE / "board.mjs").read_text("utf-8"), url) as running:
        port = (await running.event("ready"))["port"]
        async with AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            yield client


async def shown(client: AsyncClient, status: str) -> list[dict[str, object]]:
    answer = (await client.get("/api/queues", params={"activeQueue": "tts-generation", "status": status})).json()
    jobs: list[dict[str, object]] = answer["queues"][0]["jobs"]
    return jobs


async def test_a_book_that_node_adds_is_ours_to_speak(provider: RedisProvider, url: str) -> None:
    async with node(program("add-book.mjs"), url) as adding:
        job_id = await adding.line()
    claim = await soon(lambda: provider.claim("worker-1"))
    assert claim[0].job.id == job_id
    assert (claim[0].job.title, claim[0].job.priority) == ("Fog", 2)
    assert (await provider.payload(job_id)).chapters[0].text == "Fog came in from the sea."


async def test_our_worker_speaks_a_book_that_node_adds(provider: RedisProvider, url: str, tmp_path: Path) -> None:
    queue, sound = TTSQueue(provider), LocalStorage(tmp_path)
    async with Studio(queue, sound, [ToneEngine()]).narrating():
        async with node(program("add-book.mjs"), url) as adding:
            job_id = await adding.line()
        await soon(lambda: with_status(provider, JobStatus.COMPLETED), 20)
        job = await provider.get(job_id)
    assert job.result is not None
    assert {file.id for file in await sound.files_of(job_id)} >= set(job.result.audio_file_ids)


async def test_a_book_of_node_that_cannot_be_spoken_fails_where_node_sees_it(provider: RedisProvider, url: str) -> None:
    nonsense = program("add-book.mjs").replace('text: "Fog came in from the sea."', 'text: " "')
    async with node(program("watch.mjs"), url) as watching:
        await watching.event("ready")
        async with node(nonsense, url) as adding:
            await adding.line()
        assert "The book is empty" in (await watching.event("failed"))["failedReason"]


async def test_node_sees_progress_and_the_end_of_our_jobs(provider: RedisProvider, url: str) -> None:
    async with node(program("watch.mjs"), url) as watching:
        await watching.event("ready")
        job = await provider.add(new_job())
        claim = await claim_one(provider)
        await provider.update_progress(claim.lease, Progress(40, "Processing chapter 2 of 3", 2))
        progress = await watching.event("progress")
        assert progress["jobId"] == job.id
        assert progress["data"] == {
            "percent": 40,
            "message": "Processing chapter 2 of 3",
            "currentChapter": 2,
            "totalChapters": 3,
        }
        await provider.settle(claim.lease, complete())
        assert (await watching.event("completed"))["returnvalue"]["totalDuration"] == 37.5
        await provider.add(new_job())
        await provider.settle((await claim_one(provider)).lease, Fail("The voice does not exist."))
        assert (await watching.event("failed"))["failedReason"] == "The voice does not exist."


async def test_a_node_worker_speaks_a_book_of_ours(provider: RedisProvider, url: str) -> None:
    job = await provider.add(new_job())
    async with node(program("speak.mjs"), url) as speaking:
        await speaking.event("ready")
        done = await soon(lambda: with_status(provider, JobStatus.COMPLETED), 10)
    assert (done.id, done.progress_percent, done.result.total_duration) == (job.id, 100, 12.5)
    assert done.result.audio_file_ids == ("ch1.m4a", "ch2.m4a", "ch3.m4a")


async def test_a_book_that_is_cancelled_while_node_speaks_it_stays_so_and_node_goes_on(
    provider: RedisProvider, url: str
) -> None:
    slow = program("speak.mjs").replace(
        "    return {", "    await new Promise((over) => setTimeout(over, 1500));\n    return {"
    )
    slow = slow.replace("connection },", "connection, lockDuration: 1000 },")  # it is asked for anew meanwhile
    assert "setTimeout" in slow
    assert "lockDuration" in slow
    job = await provider.add(new_job())
    async with node(slow, url) as speaking, Redis.from_url(url, decode_responses=True) as redis:
        await speaking.event("ready")
        await soon(lambda: with_status(provider, JobStatus.PROCESSING))
        cancelled = await provider.cancel(job.id)
        following = await provider.add(new_job())
        done = await soon(lambda: with_status(provider, JobStatus.COMPLETED), 10)
        assert await redis.hmget(f"{BULL}{job.id}", "failedReason", "returnvalue") == ["Cancelled.", None]
    assert done.id == following.id
    assert await provider.get(job.id) == cancelled


async def test_a_node_worker_tries_a_book_of_ours_again_after_a_while(provider: RedisProvider, url: str) -> None:
    """However often ours gave it back before."""
    failing = program("speak.mjs").replace("    return {", '    throw new Error("the line is busy");\n    return {')
    assert "throw" in failing
    job = await provider.add(new_job())
    for _ in range(job.max_attempts):
        await provider.settle((await claim_one(provider)).lease, HAND_BACK)
    async with node(failing, url) as speaking, Redis.from_url(url) as redis:
        await speaking.event("ready")
        await soon(lambda: redis.zscore(f"{BULL}delayed", job.id), 10)
        assert await redis.hget(f"{BULL}{job.id}", "delay") == b"5000"


async def test_a_node_worker_that_is_quicker_than_we_are_speaks_what_node_adds(url: str) -> None:
    """Nobody of ours is there when it takes the book: its data are still the producer's."""
    async with node(program("speak.mjs"), url) as speaking:
        await speaking.event("ready")
        async with node(program("add-book.mjs"), url) as adding:
            job_id = await adding.line()
        await asyncio.sleep(0.5)
    provider = RedisProvider(url)
    await provider.open()
    try:
        await provider.wait_for_work(0.1)
        done = await soon(lambda: with_status(provider, JobStatus.COMPLETED))
    finally:
        await provider.aclose()
    assert (done.id, done.title, done.result.audio_file_ids) == (job_id, "Fog", ("ch1.m4a",))


async def test_node_workers_speak_what_node_adds_while_we_listen(provider: RedisProvider, url: str) -> None:
    once = program("add-book.mjs")
    many = once.replace("const job = await", "for (let i = 0; i < 30; i++) await").replace("console.log(job.id);", "")
    async with node(program("speak.mjs"), url) as speaking:
        await speaking.event("ready")
        async with node(many, url) as adding:
            assert await adding.line() == ""  # it ends
        await soon(lambda: _are_completed(provider, 30), 10)
    assert (await provider.stats()).failed == 0


async def _are_completed(provider: RedisProvider, number: int) -> bool:
    return (await provider.stats()).completed == number


async def test_what_a_node_worker_removes_when_it_is_done_is_completed_with_its_result(
    provider: RedisProvider, url: str
) -> None:
    tidy = program("speak.mjs").replace("connection },", "connection, removeOnComplete: { count: 0 } },")
    assert "removeOnComplete" in tidy
    job = await provider.add(new_job())
    async with node(tidy, url) as speaking:
        await speaking.event("ready")
        done = await soon(lambda: with_status(provider, JobStatus.COMPLETED), 10)
    assert (done.id, done.result.total_duration) == (job.id, 12.5)


async def test_a_node_worker_never_takes_a_running_book(provider: RedisProvider, url: str) -> None:
    await provider.add(new_job())
    claim = await claim_one(provider)
    impatient = program("speak.mjs").replace(
        '{ prefix: "{tts}", connection },', '{ prefix: "{tts}", connection, stalledInterval: 200 },'
    )
    assert "stalledInterval" in impatient
    async with node(impatient, url) as speaking:
        await speaking.event("ready")
        await asyncio.sleep(2)
    assert (await provider.get(claim.job.id)).worker_id == claim.job.worker_id
    await provider.settle(claim.lease, complete())


async def test_bull_board_shows_our_books_and_its_buttons_work(provider: RedisProvider, url: str) -> None:
    async with board(url) as client:
        failing = await provider.add(new_job())
        await provider.settle((await claim_one(provider)).lease, Fail("The voice does not exist."))
        (failed,) = await shown(client, "failed")
        assert (failed["id"], failed["failedReason"]) == (failing.id, "The voice does not exist.")

        assert (await client.put(f"{QUEUE}/{failing.id}/retry")).is_success
        await soon(lambda: with_status(provider, JobStatus.PENDING))
        claim = await claim_one(provider)
        await provider.update_progress(claim.lease, Progress(60))
        (active,) = await shown(client, "active")
        assert active["progress"]["percent"] == 60  # type: ignore[index]

        await provider.settle(claim.lease, complete())
        (completed,) = await shown(client, "completed")
        assert completed["returnValue"]["audioFileIds"] == ["audio-1", "audio-2", "audio-3"]  # type: ignore[index]
        await asyncio.sleep(0.01)
        assert (await client.put(f"{QUEUE}/clean/completed")).is_success
        assert (await provider.get(failing.id)).status is JobStatus.COMPLETED

        later = await provider.add(new_job(delay=timedelta(hours=1)))
        assert (await client.put(f"{QUEUE}/{later.id}/promote")).is_success
        await soon(lambda: _may_be_claimed(provider))
        await provider.settle((await claim_one(provider)).lease, Fail("The voice does not exist."))
        await asyncio.sleep(0.01)
        assert (await client.put(f"{QUEUE}/clean/failed")).is_success
        assert (await provider.retry(later.id)).status is JobStatus.PENDING
        await provider.settle((await claim_one(provider)).lease, complete())

        waiting = await provider.add(new_job())
        assert (await client.put(f"{QUEUE}/{waiting.id}/clean")).is_success
        gone = await soon(lambda: with_status(provider, JobStatus.CANCELLED))
        assert gone.id == waiting.id


async def _may_be_claimed(provider: RedisProvider) -> bool:
    return await provider.next_due() == timedelta(0)


WORKERS = """
import { Queue } from "bullmq";
const { hostname: host, port, pathname } = new URL(process.env.REDIS_URL);
const queue = new Queue("tts-generation", {
  prefix: "{tts}", connection: { host, port: Number(port), db: Number(pathname.slice(1)) },
});
console.log(JSON.stringify((await queue.getWorkers()).map((worker) => worker.rawname)));
await queue.close();
"""


async def test_node_sees_our_workers_among_those_of_the_queue(provider: RedisProvider, url: str) -> None:
    await provider.register_worker(Worker("interop-worker", uuid4().hex, this_process(), "1", 1))
    await provider.claim("interop-worker")
    async with node(WORKERS, url) as looking:
        names = json.loads(await looking.line())
    assert [name for name in names if name.endswith(":w:interop-worker")]
