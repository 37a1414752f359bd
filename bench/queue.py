"""How fast jobs come in, are claimed and are picked up, on SQLite at full durability, beside huey with fsync on."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from uuid import uuid4

from huey import SqliteHuey

from bench.table import percentile, print_table, ratios, spread
from ttsqueue.book import Chapter
from ttsqueue.jobs import Job, NewJob
from ttsqueue.outcome import Complete
from ttsqueue.providers.sqlite import SqliteProvider
from ttsqueue.result import JobResult

SINGLE = 1_000
MANY = 10_000
CALLERS = 64
BACKLOGS = (("empty table", 0, 0), ("100k pending", 100_000, 0), ("1M pending", 1_000_000, 0))
DELAYED = ("200k delayed in front of due ones", 400, 200_000)
USER = str(uuid4())
KILOBYTE = "A kilobyte of text. " * 51


def new_job(delay: timedelta = timedelta(0), priority: int = 5) -> NewJob:
    return NewJob(str(uuid4()), USER, (Chapter("ch1", KILOBYTE),), delay=delay, priority=priority, max_attempts=3)


async def add_in_turn(provider: SqliteProvider, number: int) -> None:
    for _ in range(number):
        await provider.add(new_job())


async def ours(path: Path, number: int, callers: int) -> float:
    """Jobs per second."""
    provider = SqliteProvider(path)
    await provider.open()
    start = time.perf_counter()
    await asyncio.gather(*(add_in_turn(provider, number // callers) for _ in range(callers)))
    seconds = time.perf_counter() - start
    await provider.aclose()
    return number / seconds


def huey(path: Path, number: int, callers: int) -> float:
    """Jobs per second."""
    queue = SqliteHuey(filename=str(path), fsync=True)
    task = queue.task()(len)
    each = number // callers

    def add() -> None:
        for _ in range(each):
            task(KILOBYTE)

    threads = [threading.Thread(target=add) for _ in range(callers)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    queue.storage.close()
    return number / seconds


def enqueue_rows(folder: Path, pairs: int) -> list[list[object]]:
    rows: list[list[object]] = []
    for label, number, callers in (("one caller", SINGLE, 1), (f"{CALLERS} callers", MANY, CALLERS)):
        mine, theirs = [], []
        for run in range(pairs):
            mine.append(asyncio.run(ours(folder / f"ours-{callers}-{run}.db", number, callers)))
            theirs.append(huey(folder / f"huey-{callers}-{run}.db", number, callers))
        rows.append([f"enqueue, {label}, jobs/s", spread(mine, 0), spread(theirs, 0), ratios(mine, theirs)])
    return rows


async def complete(provider: SqliteProvider) -> None:
    (claim,) = await provider.claim("bench")
    await provider.settle(claim.lease, Complete(JobResult((), 0.0)))


async def claim_and_complete(folder: Path) -> float:
    provider = SqliteProvider(folder / "done.db")
    await provider.open()
    await asyncio.gather(*(add_in_turn(provider, SINGLE // 50) for _ in range(50)))
    start = time.perf_counter()
    for _ in range(SINGLE):
        await complete(provider)
    seconds = time.perf_counter() - start
    await provider.aclose()
    return SINGLE / seconds


def huey_dequeue(folder: Path) -> float:
    queue = SqliteHuey(filename=str(folder / "huey-done.db"), fsync=True)
    task = queue.task()(len)
    for _ in range(SINGLE):
        task(KILOBYTE)
    start = time.perf_counter()
    while (message := queue.dequeue()) is not None:
        queue.execute(message)
    seconds = time.perf_counter() - start
    queue.storage.close()
    return SINGLE / seconds


async def fill(provider: SqliteProvider, number: int, delay: timedelta, priority: int) -> None:
    for _ in range(0, number, 2_000):
        await asyncio.gather(*(provider.add(new_job(delay, priority)) for _ in range(min(2_000, number))))


async def claim_milliseconds(folder: Path, label: str, pending: int, delayed: int) -> list[object]:
    provider = SqliteProvider(folder / f"{label}.db")
    await provider.open()
    await fill(provider, delayed, timedelta(hours=10), 1)
    await fill(provider, max(pending, 400), timedelta(0), 5)
    times = [await timed(lambda: provider.claim("bench")) for _ in range(300)]
    await provider.aclose()
    return [label, f"{median(times):.3f}", f"{percentile(times, 99):.3f}", median(times)]


async def timed(call: Callable[[], object]) -> float:
    """Milliseconds of one awaited call."""
    start = time.perf_counter()
    await call()  # type: ignore[misc]
    return (time.perf_counter() - start) * 1000


def claim_rows(folder: Path) -> list[list[object]]:
    rows = [asyncio.run(claim_milliseconds(folder, *backlog)) for backlog in (*BACKLOGS, DELAYED)]
    empty = rows[0][-1]
    return [[*row[:-1], f"{row[-1] / empty:.2f}"] for row in rows]  # type: ignore[operator]


async def pick_up(folder: Path, number: int = 300) -> list[float]:
    """Milliseconds from the call of add in this process to the claim in another."""
    path = folder / "pickup.db"
    provider = SqliteProvider(path)
    await provider.open()
    command = [sys.executable, "-m", "bench.picker", str(path), str(number)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as picker:
        assert picker.stdout is not None
        picker.stdout.readline()
        times = []
        for _ in range(number):
            await asyncio.sleep(0.03)
            start = time.monotonic()
            job: Job = await provider.add(new_job())
            claimed, moment = (await asyncio.to_thread(picker.stdout.readline)).split()
            assert claimed == job.id
            times.append((float(moment) - start) * 1000)
    await provider.aclose()
    return times


def main(pairs: int, words: int) -> None:
    del words
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = enqueue_rows(folder, pairs)
        done = [asyncio.run(claim_and_complete(Path(tempfile.mkdtemp(dir=name)))) for _ in range(pairs)]
        taken = [huey_dequeue(Path(tempfile.mkdtemp(dir=name))) for _ in range(pairs)]
        rows.append(["claim + complete, one worker, jobs/s", spread(done, 0), spread(taken, 0), ratios(done, taken)])
        print_table(
            f"Queue, SQLite, synchronous=FULL, 1 KB books (median of {pairs} [least - most])",
            ["what", "ttsqueue", "huey, fsync (takes once, no lease)", "ours / theirs"],
            rows,
        )
        times = asyncio.run(pick_up(folder))
        print_table(
            "Pick-up by an idle worker in another process, from the call of add to the claim",
            ["p50 ms", "p99 ms"],
            [[f"{percentile(times, 50):.2f}", f"{percentile(times, 99):.2f}"]],
        )
        print_table("One claim", ["backlog", "p50 ms", "p99 ms", "p50 / empty"], claim_rows(folder))
