"""What is measured of each side."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import psycopg

from bench.postgres.side import Side

BULK = 1_000
PICKUPS = 150


async def adding(side: Side, number: int, callers: int) -> float:
    """Jobs per second, each in a call of its own."""

    async def add_in_turn() -> None:
        for _ in range(number // callers):
            await side.add("")

    start = time.perf_counter()
    await asyncio.gather(*(add_in_turn() for _ in range(callers)))
    return number / (time.perf_counter() - start)


async def adding_many(side: Side, number: int) -> float:
    """Jobs per second, a thousand at a time."""
    start = time.perf_counter()
    for _ in range(number // BULK):
        await side.add_many(BULK)
    return number / (time.perf_counter() - start)


async def working(side: Side, url: str, number: int, concurrency: int) -> float:
    """Jobs per second, from the first handler's start until the store has seen all of them done."""
    for _ in range(-(-number // BULK)):
        await side.add_many(BULK)
    begun: list[float] = []

    def on_job(_: str) -> None:
        if not begun:
            begun.append(time.perf_counter())

    async with side.worker(concurrency, on_job):
        done, end = await _when_done(url, side.unfinished)
    return done / (end - begun[0])


async def _when_done(url: str, unfinished: str) -> tuple[int, float]:
    """How many there were, and when none was left; seen over a connection of our own."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as watcher:
        first = left = await _count(watcher, unfinished)
        while left:
            await asyncio.sleep(0.02 if left < BULK else 0.1)
            left = await _count(watcher, unfinished)
        return first, time.perf_counter()


async def _count(watcher: psycopg.AsyncConnection[tuple[int, ...]], query: str) -> int:
    row = await (await watcher.execute(query)).fetchone()
    return row[0] if row else 0


async def picking_up(side: Side) -> list[float]:
    """Milliseconds from the call that adds a job to an idle worker's handler."""
    taken: dict[str, asyncio.Future[float]] = {}

    def on_job(mark: str) -> None:
        with suppress(KeyError, asyncio.InvalidStateError):
            taken[mark].set_result(time.perf_counter())

    times = []
    async with side.worker(4, on_job):
        for number in range(PICKUPS + 10):
            mark = f"pick-up {number}"
            taken[mark] = asyncio.get_running_loop().create_future()
            start = time.perf_counter()
            await side.add(mark)
            times.append((await asyncio.wait_for(taken[mark], 30) - start) * 1000)
            await asyncio.sleep(0.03)
    return times[10:]
