"""What GET /api/tts/stats takes when the store is full."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from pathlib import Path
from statistics import median
from uuid import uuid4

from httpx import Client

from bench.served import served
from bench.table import percentile, print_table
from ttsqueue.app import SQLITE_FILE
from ttsqueue.book import Chapter
from ttsqueue.jobs import NewJob
from ttsqueue.providers.sqlite import SqliteProvider

JOBS = 1_000_000
ASKED = 100
COPIES = """
INSERT INTO tts_jobs (
    id, work_id, work_hash, user_id, user_hash, job_type, status, priority, run_at, created_at, updated_at,
    active_hash, total_chapters, max_attempts, title
)
WITH RECURSIVE copy (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM copy WHERE number < :copies)
SELECT
    hex(randomblob(16)), work_id, random(), user_id, user_hash, job_type, status, 1 + number % 10,
    run_at + :later, created_at, updated_at, random(), total_chapters, max_attempts, title
FROM copy, (SELECT * FROM tts_jobs LIMIT 1)
"""
"""A million calls of POST would take the time of all other measurements together."""
HOURS = 3_600_000_000
"""In microseconds, the store's unit."""


async def add_one(path: Path) -> None:
    provider = SqliteProvider(path)
    await provider.open()
    await provider.add(NewJob(str(uuid4()), str(uuid4()), (Chapter("ch1", "A few words."),)))
    await provider.aclose()


def fill(path: Path, delayed: int) -> None:
    """A million pending jobs, some of which wait for their time."""
    asyncio.run(add_one(path))
    store = sqlite3.connect(path)
    with store:
        for copies, later in ((JOBS - delayed - 1, 0), (delayed, 10 * HOURS)):
            if copies > 0:
                store.execute(COPIES, {"copies": copies, "later": later})
    store.close()


def milliseconds(address: str) -> list[float]:
    """Of each call."""
    times = []
    with Client(base_url=address) as client:
        for _ in range(ASKED):
            start = time.perf_counter()
            client.get("/api/tts/stats").raise_for_status()
            times.append((time.perf_counter() - start) * 1000)
    return times


def row(label: str, delayed: int) -> list[str]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        folder.mkdir()
        fill(folder / SQLITE_FILE, delayed)
        with served(folder, "serve") as (address, _):
            times = milliseconds(address)
    return [label, f"{median(times):.1f}", f"{percentile(times, 99):.1f}"]


def main() -> None:
    rows = [row("all due", 0), row("a fifth of them delayed", JOBS // 5)]
    print_table(f"GET /api/tts/stats with {JOBS:,} pending jobs", ["jobs", "p50 ms", "p99 ms"], rows)
