"""Rounds in turn on one Redis with an append-only file, then tables."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from statistics import median

from bench.postgres.measures import BULK, adding, adding_many, picking_up
from bench.redis import node_side
from bench.redis.backlog import print_backlogs, print_sizes
from bench.redis.database import database
from bench.redis.punctuality import print_punctuality
from bench.redis.sides import SIDES, Side
from bench.table import percentile, print_table
from tests.redis_server import Server

WORK = {1: 2_000, 16: 4_000, 64: 4_000}
Figures = dict[str, dict[str, list[float]]]
"""By measure and side."""

NODE = "node"


def main(rounds: int, _: int) -> None:
    logging.disable(logging.WARNING)
    server = Server("--appendonly", "yes", "--appendfsync", "everysec")
    try:
        _print(asyncio.run(_compare(server, min(rounds, 3))))
        asyncio.run(print_sizes(server))
        asyncio.run(print_punctuality(server))
        asyncio.run(print_backlogs(server))
    finally:
        server.remove()


async def _compare(server: Server, rounds: int) -> Figures:
    figures: Figures = defaultdict(lambda: defaultdict(list))
    for _ in range(rounds):
        for name, opened in SIDES.items():
            with database(server) as url:
                async with opened(url) as side:
                    figures["add, jobs/s"][name].append(await adding(side, 1_500, 1))
                    figures["add by 16 callers, jobs/s"][name].append(await adding(side, 3_200, 16))
                    figures["add 1,000 at a time, jobs/s"][name].append(await adding_many(side, 5_000))
            for concurrency, number in WORK.items():
                with database(server) as url:
                    async with opened(url) as side:
                        rate = await _working(side, number, concurrency)
                        figures[f"work at {concurrency}, jobs/s"][name].append(rate)
            with database(server) as url:
                async with opened(url) as side:
                    times = await picking_up(side)
            figures["pick-up p50, ms"][name].append(median(times))
            figures["pick-up p99, ms"][name].append(percentile(times, 99))
        if node_side.is_there():
            _take_node(server, figures)
    return figures


def _take_node(server: Server, figures: Figures) -> None:
    with database(server) as url:
        rates, times = node_side.measured(url, WORK)
    for measure, rate in rates.items():
        figures[measure][NODE].append(rate)
    figures["pick-up p50, ms"][NODE].append(median(times))
    figures["pick-up p99, ms"][NODE].append(percentile(times, 99))


async def _working(side: Side, number: int, concurrency: int) -> float:
    """Jobs per second, from the first handler's start until the store has seen all of them done."""
    for _ in range(number // BULK):
        await side.add_many(BULK)
    begun: list[float] = []

    def on_job(_: str) -> None:
        if not begun:
            begun.append(time.perf_counter())

    there_are = await side.left()
    async with side.worker(concurrency, on_job):
        while await side.left():
            await asyncio.sleep(0.05)
        end = time.perf_counter()
    return there_are / (end - begun[0])


def _print(figures: Figures) -> None:
    sides = [*SIDES, *([NODE] if node_side.is_there() else [])]
    rows = []
    for measure, by_side in figures.items():
        middle = {name: median(values) for name, values in by_side.items()}
        ratio = middle["ttsqueue"] / middle["bullmq"]
        rows.append([measure, *(f"{middle[name]:,.1f}" for name in sides), f"{ratio:.2f}"])
    print_table("Redis, medians of rounds in turn", ["", *sides, "ours / bullmq"], rows)
