"""kill -9 of a worker, of the server and of Redis while books come in: each ends in one final state, none twice.

A short version always runs; `make drill` runs the long one. With `appendfsync always` nothing at all may be lost. With
everysec Redis does not write to its file while that is being synced, for at most two seconds, and answers all the same
(flushAppendOnlyFile in its aof.c): what was accepted right before it was killed it may have forgotten, nothing else.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from httpx import AsyncClient, HTTPError

from tests.redis_server import Server, free_port
from tests.worker.at_work import eventually
from tests.worker.processes import WorkerProcess, start_worker
from ttsqueue.jobs import JobStatus
from ttsqueue.listing import JobFilter
from ttsqueue.queue import TTSQueue

from .api_process import start_api
from .at_work import opened

TINY = ("-m", f"{__package__}.tiny_worker")


_log = logging.getLogger(__name__)

_FORGETS = {"always": 0.0, "everysec": 2.0}
"""By appendfsync: how many seconds of what it answered a Redis may forget that is killed."""

_ON_ITS_WAY = 1.0
"""Seconds after which what Redis has answered to the server is known to its client at the latest."""

in_both_ways = pytest.mark.parametrize("syncs", _FORGETS)


@pytest.fixture
def durable(syncs: str) -> Iterator[Server]:
    server = Server("--appendonly", "yes", "--appendfsync", syncs)
    yield server
    server.remove()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path


@in_both_ways
async def test_everything_is_killed_at_6_random_moments(durable: Server, data: Path, syncs: str) -> None:
    await kill_everything(durable, data, _FORGETS[syncs], kills=6)


@pytest.mark.drill
@pytest.mark.timeout(1800)
@in_both_ways
async def test_everything_is_killed_at_30_random_moments(durable: Server, data: Path, syncs: str) -> None:
    await kill_everything(durable, data, _FORGETS[syncs], kills=30)


class Application:
    """Adds book after book, and asks again until it knows that each was accepted."""

    def __init__(self, port: int) -> None:
        self._address = f"http://127.0.0.1:{port}"
        self.accepted: dict[str, float] = {}
        """When, by id."""
        self._enough = False

    async def add_until_told(self) -> None:
        async with AsyncClient(base_url=self._address, timeout=10) as client:
            while not self._enough:
                job_id = await self._add(client)
                assert job_id not in self.accepted
                self.accepted[job_id] = time.monotonic()

    def enough(self) -> None:
        self._enough = True

    async def _add(self, client: AsyncClient) -> str:
        """With an idempotency key, so that a second asking adds nothing."""
        book = {"workId": str(uuid4()), "jobType": "full_book", "chapters": [{"id": "ch1", "text": "Fog came in."}]}
        key = {"Idempotency-Key": str(uuid4())}
        while True:
            try:
                answer = await client.post("/api/tts/queue", json=book, headers=key)
            except HTTPError:
                await asyncio.sleep(0.1)
                continue
            if answer.status_code == 202:
                return str(answer.json()["jobId"])
            assert answer.status_code == 503, answer.text
            await asyncio.sleep(0.1)


class Site:
    """What can be killed."""

    def __init__(self, redis: Server, data: Path, port: int) -> None:
        self._redis = redis
        self._data = data
        self._port = port
        self._api: Process | None = None
        self._workers: dict[str, WorkerProcess] = {}
        self.redis_was_killed: list[float] = []

    async def start(self) -> None:
        self._api = await start_api(self._data, self._redis.url, self._port)
        for name in ("a", "b"):
            await self._start_worker(name)

    async def end(self) -> None:
        for worker in self._workers.values():
            await worker.kill()
        await self.kill_api()

    async def kill_one(self, which: str) -> None:
        """kill -9, and start it again."""
        if which == "redis":
            self.redis_was_killed.append(time.monotonic())
            self._redis.kill()
            await asyncio.to_thread(self._redis.start)
        elif which == "api":
            await self.kill_api()
            self._api = await start_api(self._data, self._redis.url, self._port)
        else:
            await self._workers[which].kill()
            await self._start_worker(which)

    async def kill_api(self) -> None:
        if self._api is not None:
            self._api.kill()
            await self._api.wait()
            self._api = None

    async def _start_worker(self, name: str) -> None:
        self._workers[name] = await start_worker(self._data, name, *TINY, REDIS_URL=self._redis.url)


async def kill_everything(redis: Server, data: Path, forgets: float, kills: int) -> None:
    """Redis may forget what it answered within the last seconds before it was killed."""
    chance = random.Random(kills)
    port = free_port()
    site, application = Site(redis, data, port), Application(port)
    try:
        await site.start()
        adding = [asyncio.create_task(application.add_until_told()) for _ in range(3)]
        for number in range(kills):
            await asyncio.sleep(chance.uniform(0.0, 1.0))
            await site.kill_one(("redis", "a", "api", "b")[number % 4])
        application.enough()
        await asyncio.wait_for(asyncio.gather(*adding), 60)
        async with opened(redis.url) as queue:
            await eventually(lambda: _nothing_is_left(queue), within=120 + 60 * forgets)
            forgotten = await _forgotten(queue, application.accepted)
            _log.info("%d of %d accepted books were forgotten", len(forgotten), len(application.accepted))
            assert forgets or not forgotten
            for accepted_at in forgotten.values():
                assert any(-_ON_ITS_WAY <= killed - accepted_at <= forgets for killed in site.redis_was_killed)
            await _each_ended_once(queue, data, application.accepted.keys() - forgotten.keys(), forgets > 0)
    finally:
        await site.end()


async def _nothing_is_left(queue: TTSQueue) -> bool:
    stats = await queue.get_queue_stats()
    return stats.pending == stats.processing == 0


async def _forgotten(queue: TTSQueue, accepted: dict[str, float]) -> dict[str, float]:
    stored = Counter(job.id for job in (await queue.list_jobs(JobFilter(), 1_000_000)).jobs)
    assert stored <= Counter(accepted.keys())
    return {job_id: at for job_id, at in accepted.items() if job_id not in stored}


async def _each_ended_once(queue: TTSQueue, data: Path, accepted: Collection[str], may_forget: bool) -> None:
    """A book that was handled twice is one whose first worker died, or lost Redis, before it could say so.

    That, too, Redis may forget.
    """
    assert len(accepted) > 20
    handled = Counter(line.split()[0] for line in (data / "done").read_text().splitlines())
    for job_id in accepted:
        assert (await queue.get_job(job_id)).status is JobStatus.COMPLETED
        ended = [attempt.outcome for attempt in await queue.get_attempts(job_id)]
        assert Counter(ended)["completed"] == 1
        assert ended[-1] == "completed"
        assert handled[job_id] >= 1
        assert may_forget or handled[job_id] <= len(ended)
