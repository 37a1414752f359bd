"""The API while the worker uses all cores, the way to the first sound, and what an upload costs in memory."""

from __future__ import annotations

import asyncio
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from statistics import median
from subprocess import Popen
from uuid import uuid4

import psutil
from httpx import AsyncClient, Client

from bench.sample_book import chapters
from bench.served import served
from bench.table import percentile, print_table, spread

RATE = 50
"""Requests per second, half of them POST."""
SECONDS = 20
QUEUE = "/api/tts/queue"
UPLOAD = 199_000_000
TEXT = "A kilobyte of text. " * 250
FAR_AWAY = 36_000


def book(texts: list[str], delay: int = 0) -> dict[str, object]:
    entries = [{"id": f"ch{number}", "text": text} for number, text in enumerate(texts, 1)]
    return {"workId": str(uuid4()), "chapters": entries, "delaySeconds": delay}


def first_sound(address: str) -> float:
    """Seconds from the call of POST until the first chapter of 1,000 words can be played."""
    with Client(base_url=address) as client:
        start = time.perf_counter()
        job_id = client.post(QUEUE, json=book(chapters(3_000, 3))).json()["jobId"]
        while True:
            spoken = client.get(f"{QUEUE}/{job_id}/chapters").json()["chapters"][0]["audioUrl"]
            if spoken and client.get(spoken).status_code == 200:
                break
            time.sleep(0.02)
        seconds = time.perf_counter() - start
        while client.get(QUEUE, params={"jobId": job_id}).json()["job"]["status"] == "processing":
            time.sleep(0.1)
    return seconds


async def under_load(address: str) -> tuple[list[float], list[float]]:
    """Milliseconds of each POST (20 chapters, 100 KB) and of each GET, at a fixed rate."""
    posts: list[float] = []
    gets: list[float] = []
    async with AsyncClient(base_url=address) as client:
        busy = (await client.post(QUEUE, json=book(chapters(400_000, 100)))).json()["jobId"]
        while (await client.get(f"{QUEUE}?jobId={busy}")).json()["job"]["status"] == "pending":
            await asyncio.sleep(0.1)
        start = time.perf_counter()
        waiting = []
        for number in range(RATE * SECONDS):
            await asyncio.sleep(max(0.0, start + number / RATE - time.perf_counter()))
            call, times = (lambda: post(client), posts) if number % 2 else (lambda: get(client, busy), gets)
            waiting.append(asyncio.create_task(timed(call, times)))
        await asyncio.gather(*waiting)
        await client.delete(QUEUE, params={"jobId": busy})
    return posts, gets


async def post(client: AsyncClient) -> None:
    answer = await client.post(QUEUE, json=book([TEXT] * 20, FAR_AWAY))
    assert answer.status_code == 202, answer.text


async def get(client: AsyncClient, job_id: str) -> None:
    assert (await client.get(QUEUE, params={"jobId": job_id})).status_code == 200


async def timed(call: Callable[[], Awaitable[None]], times: list[float]) -> None:
    start = time.perf_counter()
    await call()
    times.append((time.perf_counter() - start) * 1000)


def upload_growth(address: str, process: Popen[str]) -> tuple[float, float]:
    """Megabytes of memory before an upload of 200 MB, and at most during it."""
    server = psutil.Process(process.pid)
    before = server.memory_info().rss / 1e6
    most = [before]
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.01):
            most.append(server.memory_info().rss / 1e6)

    watcher = threading.Thread(target=watch)
    watcher.start()
    with Client(base_url=address, timeout=120) as client:
        client.post("/api/tts/books", content=_multipart(), headers={"Content-Type": "multipart/form-data; boundary=b"})
    over.set()
    watcher.join()
    return before, max(most)


def _multipart() -> Iterator[bytes]:
    yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="junk.txt"\r\n\r\n'
    yield from (b"junk " * 20_000 for _ in range(UPLOAD // 100_000))
    yield b"\r\n--b--\r\n"


def main(pairs: int, words: int) -> None:
    del words
    with tempfile.TemporaryDirectory() as name, served(Path(name) / "data") as (address, process):
        sounds = [first_sound(address) for _ in range(pairs)]
        before, most = upload_growth(address, process)
        posts, gets = asyncio.run(under_load(address))
    print_table(
        "The way to the first sound", ["what", "s"], [["first chapter of 1,000 words playable", spread(sounds)]]
    )
    print_table(
        "Memory of the server, upload of 200 MB",
        ["before, MB", "at most, MB", "growth, MB"],
        [[f"{before:.0f}", f"{most:.0f}", f"{most - before:.0f}"]],
    )
    print_table(
        f"The API at {RATE} requests/s while the worker uses all cores",
        ["what", "p50 ms", "p99 ms"],
        [
            ["POST, 20 chapters, 100 KB", f"{median(posts):.1f}", f"{percentile(posts, 99):.1f}"],
            ["GET, one job", f"{median(gets):.1f}", f"{percentile(gets, 99):.1f}"],
        ],
    )
