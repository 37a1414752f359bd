"""Rounds in turn, then tables."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import product
from statistics import median

from bench.postgres.backlog import CLAIMS, DUE, IN_TEN_HOURS, claims_behind
from bench.postgres.graphile_side import Graphile
from bench.postgres.large import print_large_books, print_progress
from bench.postgres.measures import adding, adding_many, picking_up, picking_up_elsewhere, working
from bench.postgres.server import database, durable_server
from bench.postgres.side import Opened, Side
from bench.postgres.sides import PYTHON, SIDES
from bench.table import percentile, print_table

ADDED = {"one caller": 600, "16 callers": 3_200, "1,000 at a time": 5_000}
WORK = {1: 1_000, 16: 3_000, 64: 4_000}
PROCESSES = (1, 2)
BACKLOGS = {
    "nothing else": ((CLAIMS, DUE, 5),),
    "100k pending": ((100_000, DUE, 5),),
    "1M pending": ((1_000_000, DUE, 5),),
    "200k delayed in front": ((200_000, IN_TEN_HOURS, 1), (CLAIMS, DUE, 5)),
}
Figures = dict[str, dict[str, list[float]]]
"""By measure and side."""


def main(rounds: int, _: int) -> None:
    logging.disable(logging.INFO)  # some say a line for each job
    with durable_server() as server:
        figures = asyncio.run(_compare(server, min(rounds, 3)))
        _print(figures)
        asyncio.run(print_large_books(server))
        asyncio.run(print_progress(server))
        asyncio.run(_print_backlogs(server))


async def _compare(server: str, rounds: int) -> Figures:
    figures: Figures = defaultdict(lambda: defaultdict(list))
    for _ in range(rounds):
        for name, opened in SIDES.items():
            with database(server) as url:
                async with opened(url) as side:
                    await _add(name, side, figures)
            for processes, concurrency in product(PROCESSES, WORK):
                with database(server) as url:
                    async with opened(url) as side:
                        rate = await working(name, side, url, WORK[concurrency], concurrency, processes)
                figures[f"work at {concurrency}, {processes} process{'es' * (processes > 1)}, jobs/s"][name].append(
                    rate
                )
            await _pick_up(server, name, opened, figures)
    return figures


async def _add(name: str, side: Side, figures: Figures) -> None:
    figures["add, jobs/s"][name].append(await adding(side, ADDED["one caller"], 1))
    figures["add by 16 callers, jobs/s"][name].append(await adding(side, ADDED["16 callers"], 16))
    figures["add 1,000 at a time, jobs/s"][name].append(await adding_many(side, ADDED["1,000 at a time"]))


async def _pick_up(server: str, name: str, opened: Opened, figures: Figures) -> None:
    with database(server) as url:
        async with opened(url) as side:
            times = {"": await picking_up_elsewhere(name, side, url)}
    if not isinstance(side, Graphile):
        with database(server) as url:
            async with opened(url) as side:
                times[" in one process"] = await picking_up(side)
    for where, measured in times.items():
        figures[f"pick-up{where} p50, ms"][name].append(median(measured))
        figures[f"pick-up{where} p99, ms"][name].append(percentile(measured, 99))


def _print(figures: Figures) -> None:
    rows = []
    for measure, sides in figures.items():
        middle = {name: median(values) for name, values in sides.items()}
        ratios = [_by_best(middle, peers, is_time=measure.endswith("ms")) for peers in (PYTHON, tuple(SIDES)[1:])]
        cells = [f"{middle[name]:,.1f}" if name in middle else "" for name in SIDES]
        rows.append([measure, *cells, *(f"{ratio:.2f}" for ratio in ratios)])
    header = ["", *SIDES, "ours / best in Python", "ours / best"]
    print_table("PostgreSQL, medians of rounds in turn", header, rows)


def _by_best(middle: Mapping[str, float], peers: Sequence[str], *, is_time: bool) -> float:
    others = [middle[name] for name in peers if name in middle]
    return middle["ttsqueue"] / (min(others) if is_time else max(others))


async def _print_backlogs(server: str) -> None:
    rows = []
    for label, fills in BACKLOGS.items():
        middle, rate = await claims_behind(server, *fills)
        rows.append([label, f"{middle:.2f}", f"{rate:,.0f}"])
    print_table("Claims one by one", ["", "p50 ms", "claims/s"], rows)
