"""From the worker to open pages: one, a thousand, and those of two servers on one store."""

from __future__ import annotations

import asyncio
import resource
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from uuid import uuid4

import psutil

from bench.page import Page, open_page
from bench.served import served
from bench.table import percentile, print_table
from ttsqueue.app import SQLITE_FILE
from ttsqueue.book import Chapter
from ttsqueue.jobs import ClaimedJob, NewJob
from ttsqueue.providers.sqlite import SqliteProvider
from ttsqueue.queue import TTSQueue
from ttsqueue.result import FinishedChapter, JobResult

PAGES = 1_000
EVENTS = 20
CHAPTERS = 10
LULL = 0.5
"""Seconds between two events: a page gets at most ten a second of one job, and a thousand pages take their time."""
HEARTBEAT = b'{"type":"heartbeat"}'
JOB_ID = slice(len(b'{"type":"job","job":{"id":"'), len(b'{"type":"job","job":{"id":"') + 36)
AT_ONCE = 50
"""Pages that connect at one time."""


@dataclass
class Audience:
    """All pages of one measurement, and what they heard since the last event."""

    pages: list[Page] = field(default_factory=list)
    began: dict[str, float] = field(default_factory=dict)
    """When the last event of a job began to be committed."""
    delays: list[float] = field(default_factory=list)
    finals: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, message: bytes, moment: float) -> None:
        if message == HEARTBEAT:
            return
        self.delays.append((moment - self.began.get(message[JOB_ID].decode(), moment)) * 1000)
        self.finals += b'"status":"completed"' in message
        self._news.set()

    async def heard(self, seconds: float = 20) -> list[float]:
        """Milliseconds until each page heard of its job; pages that heard nothing are missing."""
        try:
            async with asyncio.timeout(seconds):
                while len(self.delays) < len(self.pages):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            print(f"  {len(self.pages) - len(self.delays)} pages heard nothing")
        delays, self.delays = self.delays, []
        return delays

    async def gather(self, addresses: list[str], job_ids: list[str], number: int) -> None:
        for first in range(0, number, AT_ONCE):
            places = range(first, min(first + AT_ONCE, number))
            opening = (
                open_page(addresses[place % len(addresses)], job_ids[place % len(job_ids)], self.hear)
                for place in places
            )
            self.pages += await asyncio.gather(*opening)
            await asyncio.sleep(0.01)


@asynccontextmanager
async def worker_at(folder: Path) -> AsyncGenerator[TTSQueue, None]:
    """The store, as a worker in a process other than the server's has it open."""
    provider = SqliteProvider(folder / SQLITE_FILE)
    await provider.open()
    try:
        yield TTSQueue(provider)
    finally:
        await provider.aclose()


async def claimed(queue: TTSQueue, number: int) -> list[ClaimedJob]:
    chapters = tuple(Chapter(f"ch{place}", "A few words.") for place in range(1, CHAPTERS + 1))
    for _ in range(number):
        await queue.add_job(NewJob(str(uuid4()), str(uuid4()), chapters))
    return await queue.claim_jobs("bench", number)


async def one_event(queue: TTSQueue, jobs: list[ClaimedJob], number: int, began: dict[str, float]) -> None:
    """Of each job: progress and finished chapters by turns."""
    for job in jobs:
        began[job.id] = time.perf_counter()
        if number % 2:
            await queue.provider.save_chapter(job.lease, FinishedChapter(number // 2, f"{job.id}-{number}", 12.5))
        else:
            await queue.update_progress(job, progress_percent=number, current_chapter=number // 2 + 1)


async def delays(queue: TTSQueue, jobs: list[ClaimedJob], audience: Audience) -> list[float]:
    """Milliseconds from the call that commits an event, the commit included, to each page."""
    times = []
    for number in range(EVENTS):
        await asyncio.sleep(LULL)
        await one_event(queue, jobs, number, audience.began)
        times += await audience.heard()
    return times


async def measured(folder: Path, addresses: list[str], pages: int, jobs: int) -> tuple[list[float], str]:
    """Delays, and how many pages learned the end and were closed for it."""
    async with worker_at(folder) as queue:
        spoken = await claimed(queue, jobs)
        audience = Audience()
        await audience.gather(addresses, [job.id for job in spoken], pages)
        await audience.heard()
        times = await delays(queue, spoken, audience)
        for job in spoken:
            await queue.complete_job(job, JobResult((), 0.0))
        await asyncio.wait([asyncio.create_task(page.closed.wait()) for page in audience.pages], timeout=20)
        ended = sum(page.closing_code == 1000 for page in audience.pages)
        return times, f"{min(ended, audience.finals):,} of {pages:,}"


async def kilobytes_per_page(folder: Path, address: str, pid: int) -> float:
    """What the server's memory grows by for each open page, when all have been told the state."""
    server = psutil.Process(pid)
    async with worker_at(folder) as queue:
        (job,) = await claimed(queue, 1)
        audience = Audience()
        before = server.memory_full_info().pss
        await audience.gather([address], [job.id], PAGES)
        await audience.heard()
        after = server.memory_full_info().pss
        for page in audience.pages:
            page.leave()
        await queue.complete_job(job, JobResult((), 0.0))
    return (after - before) / PAGES / 1000


def row(label: str, times: list[float], ended: str) -> list[str]:
    return [label, f"{median(times):.1f}", f"{percentile(times, 99):.1f}", f"{max(times):.1f}", ended]


def allow_many_sockets() -> None:
    """The server does the same for itself."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def main(pairs: int, words: int) -> None:
    del pairs, words
    allow_many_sockets()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        with served(folder, "serve") as (one, pid), served(folder, "serve") as (two, _):
            size = asyncio.run(kilobytes_per_page(folder, one, pid))
            rows = [
                row(label, *asyncio.run(measured(folder, addresses, pages, jobs)))
                for label, addresses, pages, jobs in (
                    ("1 page", [one], 1, 1),
                    (f"{PAGES:,} pages of 100 jobs", [one], PAGES, 100),
                    (f"{PAGES:,} pages of one job", [one], PAGES, 1),
                    ("2 servers on one store, 1 page each", [one, two], 2, 1),
                )
            ]
    print_table(
        "Live events over WebSocket, from the worker's call (its commit included) to each page",
        ["what", "p50 ms", "p99 ms", "max ms", "pages told the end"],
        rows,
    )
    print(f"  {PAGES:,} open pages: {size:.0f} kB of the server's memory (PSS) each")
