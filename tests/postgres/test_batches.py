"""What goes into one transaction with what."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

import psycopg

from tests.conformance.samples import new_job
from ttsqueue.book import Chapter
from ttsqueue.providers.postgres import PostgresProvider


def transactions(plain: psycopg.Connection) -> list[int]:
    """How many jobs each of them added."""
    return list(Counter(plain.execute("SELECT xmin::text FROM tts_jobs").fetchall()).values())


async def test_long_books_that_come_together_do_not_go_together(
    provider: PostgresProvider, plain: psycopg.Connection
) -> None:
    """Whoever waits behind them waits for a few of them."""
    book = (Chapter("ch1", "x" * 900_000, ""),)
    await asyncio.gather(*(provider.add(replace(new_job(1), chapters=book)) for _ in range(12)))
    assert max(transactions(plain)) == 4


async def test_short_books_that_come_together_go_together(
    provider: PostgresProvider, plain: psycopg.Connection
) -> None:
    await asyncio.gather(*(provider.add(new_job(1)) for _ in range(12)))
    assert transactions(plain) == [12]
