"""What is measured of each side."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import psycopg

from bench.postgres.graphile_side import Graphile
from bench.postgres.side import Side
from bench.postgres.worker_processes import hands

BULK = 1_000
PICKUPS = 150


async def adding(side: Side, number: int, callers: int) -> float:
    """Jobs per second, each in a call of its own."""
    if isinstance(side, Graphile):
        return await side.adding(number, callers)

    async def add_in_turn() -> None:
        for _ in range(number // callers):
            await side.add("")

    start = time.perf_counter()
    await asyncio.gather(*(add_in_turn() for _ in range(callers)))
    return number / (time.perf_counter() - start)


async def adding_many(side: Side, number: int) -> float:
    """Jobs per second, a thousand at a time."""
    if isinstance(side, Graphile):
        return await side.adding_many(number, BULK)
    start = time.perf_counter()
    for _ in range(number // BULK):
        await side.add_many(BULK)
    return number / (time.perf_counter() - start)


async def working(name: str, side: Side, url: str, number: int, concurrency: int, processes: int) -> float:
    """Jobs per second, from the first handler's start until the store has seen all of them done."""
    for _ in range(-(-number // BULK)):
        await side.add_many(BULK)
    async with hands(processes, name, url, concurrency) as workers:
        for worker in workers:
            await worker.begin()
        done, end = await _when_done(url, side.unfinished)
        begun = [asyncio.ensure_future(worker.begun()) for worker in workers]
        await asyncio.wait(begun, timeout=1)  # one that came too late for any job says nothing
        first = min(task.result()[0] for task in begun if task.done())
        for task in begun:
            task.cancel()
    return done / (end - first)


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


async def picking_up_elsewhere(name: str, side: Side, url: str) -> list[float]:
    """Milliseconds from before the call that adds a job to the first line of a handler in an idle worker process."""
    times = []
    async with hands(1, name, url, 4) as (worker,):
        await worker.begin()
        await asyncio.sleep(1)  # until it listens
        for number in range(PICKUPS + 10):
            mark, start = f"pick-up-{number}", time.perf_counter()
            start = await side.add(mark) or start
            taken, its_mark = await worker.begun()
            assert its_mark == mark
            times.append((taken - start) * 1000)
            await asyncio.sleep(0.03)
    return times[10:]


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
