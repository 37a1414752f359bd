"""Claims and ends with much or nothing behind them, and of small and large books, in turn. Ours alone."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median
from uuid import uuid4

from redis import Redis

from bench.redis.database import database
from bench.table import percentile, print_table
from tests.redis_server import Server
from ttsqueue.book import BookInfo, Chapter
from ttsqueue.jobs import NewJob
from ttsqueue.outcome import Complete
from ttsqueue.providers.redis import RedisProvider, adding
from ttsqueue.providers.redis.keys import BULL, OURS
from ttsqueue.providers.redis.lane import as_argument
from ttsqueue.providers.redis.script import assembled
from ttsqueue.result import JobResult

NOTHING = "nothing else"
BACKLOGS = {NOTHING: 0, "100k pending": 100_000, "1M pending": 1_000_000}
SIZES = {"1 KB": 1_000, "2 MB": 2_000_000}
ROUNDS = 300
AT_ONCE = 5_000
FILL = assembled(Path(__file__).with_name("fill.lua").read_text("utf-8"))
LOOK = "for _ = 1, ARGV[1] do redis.call('EXISTS', KEYS[1]) end"
Times = dict[str, list[float]]


def book(characters: int, title: str = "") -> NewJob:
    chapters = (Chapter("ch1", "A line. " * (characters // 8)),)
    return NewJob(str(uuid4()), str(uuid4()), chapters, book=BookInfo(title), priority=5)


def fill(url: str, number: int) -> float:
    """Bytes per job."""
    one = book(100)
    values = {name: value for name, value in adding.described(one).items() if value is not None}
    with Redis.from_url(url, socket_timeout=60) as client:
        before = client.info("memory")["used_memory"]
        for first in range(0, number, AT_ONCE):
            part = as_argument(values | {"first": first, "last": first + AT_ONCE - 1})
            client.eval(FILL.text, 2, BULL, OURS, part, adding.outline(one), adding.payload(one))
        after = client.info("memory")["used_memory"]
    return float(after - before) / number if number else 0


async def print_backlogs(server: Server) -> None:
    sizes: dict[str, float] = {}
    async with AsyncExitStack() as stack:
        providers, urls = {}, []
        for label, number in BACKLOGS.items():
            urls.append(stack.enter_context(database(server)))
            sizes[label] = await asyncio.to_thread(fill, urls[-1], number)
            providers[label] = await _opened(stack, urls[-1])
        await at_rest(server)
        await _print_visits("Just filled: Redis still moves the keys of 1M jobs to a larger table", providers)
        for url in urls:
            await asyncio.to_thread(let_keys_move, url)
        await _print_visits("When that is done", providers)
    print_table("Memory", ["", "bytes per pending job"], [[label, f"{size:,.0f}"] for label, size in sizes.items()])


async def _print_visits(title: str, providers: Mapping[str, RedisProvider]) -> None:
    """Each round visits every backlog, so that all see the same moments of this machine."""
    claims: Times = defaultdict(list)
    ends: Times = defaultdict(list)
    for _ in range(ROUNDS):
        for label, provider in providers.items():
            await provider.add(NewJob(str(uuid4()), str(uuid4()), book(100).chapters, priority=1))
            await _measure(provider, claims[label], ends[label])
    rows = [[label, *_beside(claims, label), *_beside(ends, label)] for label in BACKLOGS]
    header = ["", "claim p50", "p99", "by nothing else", "complete p50", "p99", "by nothing else"]
    print_table(f"{title}; one by one, in turn; ms", header, rows)


def _beside(times: Times, label: str) -> tuple[str, str, str]:
    return (*_figures(times[label]), f"{median(times[label]) / median(times[NOTHING]):.2f}")


async def print_sizes(server: Server) -> None:
    claims: Times = defaultdict(list)
    async with AsyncExitStack() as stack:
        provider = await _opened(stack, stack.enter_context(database(server)))
        for _ in range(40):
            for label, characters in SIZES.items():
                await provider.add(book(characters, label))
        await at_rest(server)
        for _ in range(40 * len(SIZES)):
            started = time.perf_counter()
            (claim,) = await provider.claim("bench")
            claims[claim.job.title].append((time.perf_counter() - started) * 1000)
    print_table(
        "Claims of books of this size, in turn; ms",
        ["", "p50", "p99"],
        [[label, *_figures(claims[label])] for label in SIZES],
    )


async def at_rest(server: Server) -> None:
    """When Redis has written down what came before."""
    with Redis.from_url(server.url, socket_timeout=60) as client:
        while client.info("persistence")["aof_rewrite_in_progress"]:
            await asyncio.sleep(0.2)


def let_keys_move(url: str) -> None:
    """At each look at a key Redis moves some others, while they are more than its table was made for, and that makes
    the look a few microseconds dearer. So many looks are enough."""
    with Redis.from_url(url, socket_timeout=60) as client:
        for _ in range(0, client.dbsize(), AT_ONCE):
            client.eval(LOOK, 1, "nothing", AT_ONCE)


async def _opened(stack: AsyncExitStack, url: str) -> RedisProvider:
    provider = RedisProvider(url)
    await provider.open()
    stack.push_async_callback(provider.aclose)
    return provider


async def _measure(provider: RedisProvider, claims: list[float], ends: list[float]) -> None:
    started = time.perf_counter()
    (claim,) = await provider.claim("bench")
    claimed = time.perf_counter()
    await provider.settle(claim.lease, Complete(JobResult((), 0.0)))
    claims.append((claimed - started) * 1000)
    ends.append((time.perf_counter() - claimed) * 1000)


def _figures(times: list[float]) -> tuple[str, str]:
    return f"{median(times):.2f}", f"{percentile(times, 99):.2f}"
