"""The API while the worker uses all cores, the way to the first sound, a full store, and a large upload."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from uuid import uuid4

from httpx import AsyncClient, Client

from bench import stats, upload
from bench.sample_book import chapters
from bench.served import served
from bench.table import percentile, print_table, spread

RATE = 50
"""Requests per second, half of them POST."""
SECONDS = 20
QUEUE = "/api/tts/queue"
JSON = {"Content-Type": "application/json"}
TEXT = "A kilobyte of text. " * 250
FAR_AWAY = 36_000
"""Seconds; nobody shall speak these books."""


@dataclass
class Times:
    """Milliseconds since the moment a request was due: when it was sent, and when it was answered."""

    sent: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)

    def row(self, label: str) -> list[str]:
        figures = median(self.answered), percentile(self.answered, 99), max(self.answered), percentile(self.sent, 99)
        return [label, *(f"{figure:.1f}" for figure in figures)]


def book(texts: list[str], delay: int = 0) -> bytes:
    entries = [{"id": f"ch{number}", "text": text} for number, text in enumerate(texts, 1)]
    return json.dumps({"workId": str(uuid4()), "chapters": entries, "delaySeconds": delay}).encode()


def first_sound(address: str) -> float:
    """Seconds from the call of POST until the first chapter of 1,000 words can be played."""
    with Client(base_url=address) as client:
        new = book(chapters(3_000, 3))
        start = time.perf_counter()
        job_id = client.post(QUEUE, content=new, headers=JSON).json()["jobId"]
        while True:
            spoken = client.get(f"{QUEUE}/{job_id}/chapters").json()["chapters"][0]["audioUrl"]
            if spoken and client.get(spoken).status_code == 200:
                break
            time.sleep(0.02)
        seconds = time.perf_counter() - start
        while client.get(QUEUE, params={"jobId": job_id}).json()["job"]["status"] != "completed":
            time.sleep(0.1)
    return seconds


async def under_load(address: str) -> tuple[Times, Times]:
    """POST (20 chapters, 100 KB) and GET at a fixed rate, however long the answers take, while a book is spoken."""
    posts, gets = Times(), Times()
    async with AsyncClient(base_url=address) as client:
        busy = (await client.post(QUEUE, content=book(chapters(400_000, 100)), headers=JSON)).json()["jobId"]
        while (await client.get(QUEUE, params={"jobId": busy})).json()["job"]["currentChapter"] == 0:
            await asyncio.sleep(0.1)
        start = time.perf_counter() + 0.1
        async with asyncio.TaskGroup() as group:
            for number in range(RATE * SECONDS):
                due = start + number / RATE
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                call, times = (lambda: post(client), posts) if number % 2 else (lambda: get(client, busy), gets)
                group.create_task(timed(call, due, times))
        assert (await client.get(QUEUE, params={"jobId": busy})).json()["job"]["status"] == "processing"
        await client.delete(QUEUE, params={"jobId": busy})
    return posts, gets


async def post(client: AsyncClient) -> None:
    answer = await client.post(QUEUE, content=book([TEXT] * 20, FAR_AWAY), headers=JSON)
    assert answer.status_code == 202, answer.text


async def get(client: AsyncClient, job_id: str) -> None:
    assert (await client.get(QUEUE, params={"jobId": job_id})).status_code == 200


async def timed(call: Callable[[], Awaitable[None]], due: float, times: Times) -> None:
    times.sent.append((time.perf_counter() - due) * 1000)
    await call()
    times.answered.append((time.perf_counter() - due) * 1000)


def main(pairs: int, words: int) -> None:
    del words
    with tempfile.TemporaryDirectory() as name, served(Path(name) / "data") as (address, _):
        sounds = [first_sound(address) for _ in range(pairs)]
        posts, gets = asyncio.run(under_load(address))
    print_table(
        f"On an idle machine, from POST to sound (median of {pairs} [least - most])",
        ["what", "s"],
        [["first chapter of 1,000 words playable", spread(sounds)]],
    )
    print_table(
        f"The API at {RATE} requests/s, open loop, while the worker uses all cores",
        ["what", "p50 ms", "p99 ms", "max ms", "sent late, p99 ms"],
        [posts.row("POST, 20 chapters, 100 KB"), gets.row("GET, one job")],
    )
    stats.main()
    upload.main()
