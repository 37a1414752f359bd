"""What a long life does to the tables."""

from __future__ import annotations

from dataclasses import replace
from statistics import median
from time import perf_counter

import psycopg

from tests.conformance.samples import add_many, complete, new_job
from ttsqueue.book import Chapter
from ttsqueue.jobs import Progress
from ttsqueue.providers.postgres import PostgresProvider

_UPDATES = "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'tts_jobs'"


def size(admin: psycopg.Connection, function: str) -> int:
    row = admin.execute(f"SELECT {function}('tts_jobs')".encode()).fetchone()
    assert row is not None
    return int(row[0])


async def test_progress_leaves_table_and_indexes_as_they_are(
    provider: PostgresProvider, url: str, plain: psycopg.Connection
) -> None:
    """Heap-only (HOT) updates, pruned as they come: an index on what progress writes would end that."""
    text = "It was a dark night, and the clock went on. " * 5000
    await provider.add(replace(new_job(), chapters=(Chapter("ch1", text),)))
    (claim,) = await provider.claim("w")
    heap, indexes = size(plain, "pg_relation_size"), size(plain, "pg_indexes_size")
    for number in range(2000):
        await provider.update_progress(claim.lease, Progress(number % 99, f"Chapter {number}", number, 1.5))
    await provider.aclose()  # what it counted is written down now
    updates, hot = plain.execute(_UPDATES).fetchall()[0]
    assert updates >= 2000
    assert hot >= 0.99 * (updates - 1)  # the claim itself changed the status, which is indexed
    assert size(plain, "pg_relation_size") <= heap + 16 * 8192
    assert size(plain, "pg_indexes_size") == indexes


async def test_a_transaction_that_somebody_else_holds_open_costs_little(
    provider: PostgresProvider, url: str, plain: psycopg.Connection
) -> None:
    """It keeps every dead row: claims walk over them, and the table grows, each job by its own few versions."""

    async def work_off(number: int) -> float:
        """Milliseconds of a claim, half of them being faster."""
        await add_many(provider, number)
        times = []
        for _ in range(number):
            start = perf_counter()
            (claim,) = await provider.claim("w")
            times.append((perf_counter() - start) * 1000)
            await provider.settle(claim.lease, complete())
        return median(times[-50:])

    before = await work_off(100)
    with psycopg.connect(url) as idler:
        idler.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        idler.execute("SELECT count(*) FROM tts_jobs")
        size_before = size(plain, "pg_total_relation_size")
        during = await work_off(600)
        assert size(plain, "pg_total_relation_size") - size_before < 600 * 6000
    assert during < before + 3
