"""Rounds in turn, then tables."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from statistics import median

from bench.postgres import ours, pgqueuer_side, procrastinate_side, saq_side
from bench.postgres.backlog import CLAIMS, DUE, IN_TEN_HOURS, claims_behind
from bench.postgres.measures import adding, adding_many, picking_up, working
from bench.postgres.server import database, durable_server
from bench.postgres.side import Opened
from bench.table import percentile, print_table

SIDES: dict[str, Opened] = {
    "ttsqueue": ours.opened,
    "procrastinate": procrastinate_side.opened,
    "pgqueuer": pgqueuer_side.opened,
    "saq": saq_side.opened,
}
RATES = {"add": 600, "add, 16 callers": 3_200, "add 1,000 at a time": 5_000}
WORK = {1: 1_000, 16: 3_000, 64: 4_000}
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
        asyncio.run(_print_backlogs(server))


async def _compare(server: str, rounds: int) -> Figures:
    figures: Figures = defaultdict(lambda: defaultdict(list))
    for _ in range(rounds):
        for name, opened in SIDES.items():
            with database(server) as url:
                async with opened(url) as side:
                    figures["add, jobs/s"][name].append(await adding(side, RATES["add"], 1))
                    figures["add by 16 callers, jobs/s"][name].append(await adding(side, RATES["add, 16 callers"], 16))
                    figures["add 1,000 at a time, jobs/s"][name].append(
                        await adding_many(side, RATES["add 1,000 at a time"])
                    )
            await _work(server, name, opened, figures)
    return figures


async def _work(server: str, name: str, opened: Opened, figures: Figures) -> None:
    for concurrency, number in WORK.items():
        with database(server) as url:
            async with opened(url) as side:
                figures[f"work at {concurrency}, jobs/s"][name].append(await working(side, url, number, concurrency))
    with database(server) as url:
        async with opened(url) as side:
            times = await picking_up(side)
    figures["pick-up p50, ms"][name].append(median(times))
    figures["pick-up p99, ms"][name].append(percentile(times, 99))


def _print(figures: Figures) -> None:
    rows = []
    for measure, sides in figures.items():
        middle = {name: median(values) for name, values in sides.items()}
        others = [value for name, value in middle.items() if name != "ttsqueue"]
        best = min(others) if measure.endswith("ms") else max(others)
        rows.append([measure, *(f"{middle[name]:,.1f}" for name in SIDES), f"{middle['ttsqueue'] / best:.2f}"])
    print_table("PostgreSQL, medians of rounds in turn", ["", *SIDES, "ours / best other"], rows)


async def _print_backlogs(server: str) -> None:
    rows = []
    for label, fills in BACKLOGS.items():
        middle, rate = await claims_behind(server, *fills)
        rows.append([label, f"{middle:.2f}", f"{rate:,.0f}"])
    print_table("Claims one by one", ["", "p50 ms", "claims/s"], rows)
