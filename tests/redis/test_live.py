"""Live events from end to end: the server in a process of its own, the worker elsewhere, between them a Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from bullmq import Queue
from httpx import AsyncClient
from websockets.asyncio.client import connect

from tests.api.live.server import EVENTS, closing_code, next_message
from tests.conformance.processes import child_on
from tests.conformance.store import STORES, Store
from tests.redis_server import free_port
from tests.worker.at_work import at_work
from tests.worker.samples import DONE
from ttsqueue.jobs import ClaimedJob
from ttsqueue.result import JobResult

from .api_process import start_api
from .at_work import opened
from .test_adoption import NAME, data

Shown = dict[str, Any]


@dataclass(frozen=True)
class Site:
    """The server, seen from outside."""

    host: str

    def watching(self, job_id: str | None = None) -> connect:
        return connect(f"ws://{self.host}{EVENTS}{f'?jobId={job_id}' if job_id else ''}")

    async def queued(self) -> str:
        """The id of a new book of two chapters."""
        async with AsyncClient(base_url=f"http://{self.host}") as client:
            chapters = [{"id": f"ch{n}", "text": "Fog came in."} for n in (1, 2)]
            answer = await client.post("/api/tts/queue", json={"workId": str(uuid4()), "chapters": chapters})
            return str(answer.raise_for_status().json()["jobId"])


@pytest.fixture
async def site(url: str, tmp_path: Path) -> AsyncIterator[Site]:
    port = free_port()
    process = await start_api(tmp_path, url, port)
    yield Site(f"127.0.0.1:{port}")
    process.terminate()
    assert await process.wait() == 0


class Baton:
    """A worker elsewhere speaks no further than it is let."""

    def __init__(self) -> None:
        self._steps = asyncio.Semaphore(0)

    def on(self) -> None:
        self._steps.release()

    @asynccontextmanager
    async def worker(self, url: str) -> AsyncIterator[None]:
        async with opened(url) as queue:

            async def handler(job: ClaimedJob) -> JobResult:
                there_are = len(job.chapters)
                for number in range(1, there_are + 1):
                    await self._steps.acquire()
                    percent = 99 * number // there_are
                    await queue.update_progress(job, progress_percent=percent, current_chapter=number)
                await self._steps.acquire()
                return DONE

            async with at_work(queue, handler, name="elsewhere"):
                yield


@pytest.fixture
def baton() -> Baton:
    return Baton()


async def until(socket: Any, **expected: object) -> Shown:
    """The first job that is shown to be so."""
    while True:
        message = await next_message(socket)
        shown: Shown = message["job"]
        if all(shown.get(name) == value for name, value in expected.items()):
            return shown


async def test_a_page_sees_a_book_wait_begin_move_on_and_end(url: str, site: Site, baton: Baton) -> None:
    job_id = await site.queued()
    async with site.watching(job_id) as page:
        first = await next_message(page)
        assert (first["type"], first["job"]["status"], first["position"]) == ("job", "pending", 0)
        async with baton.worker(url):
            begun = await until(page, status="processing")
            assert (begun["progressPercent"], begun["totalChapters"]) == (0, 2)
            for chapter, percent in ((1, 49), (2, 99)):
                baton.on()
                moved = await until(page, progressPercent=percent)
                assert (moved["id"], moved["status"], moved["currentChapter"]) == (job_id, "processing", chapter)
                assert moved["progressMessage"] == f"Processing chapter {chapter} of 2"
            baton.on()
            assert (await until(page, status="completed"))["progressPercent"] == 100
            assert await closing_code(page) == 1000


async def test_a_page_sees_that_a_third_process_cancelled_the_book(url: str, site: Site, baton: Baton) -> None:
    job_id = await site.queued()
    async with child_on(Store(STORES["redis"], url)) as child, baton.worker(url), site.watching(job_id) as page:
        baton.on()
        await until(page, status="processing", progressPercent=49)
        await child.ask("cancel", job_id=job_id)
        await until(page, status="cancelled")
        assert await closing_code(page) == 1000


async def test_a_page_sees_what_becomes_of_a_book_that_another_program_queued(
    url: str, site: Site, baton: Baton, bullmq: Queue
) -> None:
    async with site.watching() as page:
        given = data()
        made = await bullmq.add(NAME, given, {})
        arrived = await until(page, workId=given["workId"], status="pending")
        async with baton.worker(url):
            baton.on()
            await until(page, id=arrived["id"], status="processing", progressPercent=99)
            baton.on()
            await until(page, id=arrived["id"], status="completed")
    assert await bullmq.getJobState(made.id) == "completed"
