"""Whole books: two megabytes handed over, and a running job of 200 KB that reports progress 100,000 times."""

from __future__ import annotations

import random
import time
from statistics import median
from uuid import uuid4

import psycopg

from bench.postgres.ours import USER
from bench.postgres.server import database
from bench.postgres.sides import SIDES
from bench.table import percentile, print_table
from ttsqueue.book import Chapter
from ttsqueue.jobs import NewJob, Progress
from ttsqueue.providers.postgres import PostgresProvider

BOOK = 2_000_000
CHAPTER = 200_000
BOOKS = 20
REPORTS = 100_000
SIZES = """
SELECT pg_relation_size('tts_jobs') AS heap, pg_indexes_size('tts_jobs') AS indexes,
    pg_total_relation_size('tts_jobs') AS everything
"""
HOT = "SELECT n_tup_hot_upd AS hot, n_tup_upd AS updates FROM pg_stat_user_tables WHERE relname = 'tts_jobs'"


def prose(length: int) -> str:
    """Words in no order: harder to compress than any book."""
    draw = random.Random(7)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(draw.choices(letters, k=draw.randint(2, 9))) for _ in range(5_000)]
    return " ".join(draw.choices(words, k=length // 5))[:length]


async def print_large_books(server: str) -> None:
    text, rows = prose(BOOK), []
    for name, opened in SIDES.items():
        if name == "graphile tuned":  # only its workers differ
            continue
        times = []
        with database(server) as url:
            async with opened(url) as side:
                for _ in range(BOOKS):
                    start = time.perf_counter()
                    await side.add_text(text)
                    times.append((time.perf_counter() - start) * 1000)
        rows.append([name, f"{median(times):.1f}", f"{percentile(times, 90):.1f}"])
    print_table("Adding a book of 2 MB", ["", "p50 ms", "p90 ms"], rows)


async def print_progress(server: str) -> None:
    with database(server) as url:
        provider = PostgresProvider(url)
        await provider.open()
        await provider.add(NewJob(str(uuid4()), USER, (Chapter("ch1", prose(CHAPTER)),)))
        (claim,) = await provider.claim("bench")
        before, start = _sizes(url), time.perf_counter()
        for number in range(REPORTS):
            await provider.update_progress(claim.lease, Progress(percent=number * 99 // REPORTS))
        took = time.perf_counter() - start
        await provider.aclose()
        with psycopg.connect(url) as connection:
            hot, updates = connection.execute(HOT).fetchone() or (0, 1)
        after = _sizes(url)
    rows = [[name, f"{before[name]:,.0f}", f"{after[name]:,.0f}"] for name in before]
    title = f"{REPORTS:,} reports of progress on a job of 200 KB: {REPORTS / took:,.0f}/s, {hot / updates:.2%} HOT"
    print_table(title, ["KB", "before", "after"], rows)


def _sizes(url: str) -> dict[str, float]:
    with psycopg.connect(url) as connection:
        found = connection.execute(SIZES).fetchone() or (0, 0, 0)
    return {name: size / 1024 for name, size in zip(("heap", "indexes", "with texts"), found, strict=True)}
