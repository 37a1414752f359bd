"""What needs an operator now, from values. Pure: the clock is an argument."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote_plus

from ttsqueue.servers.report import ServerReport
from ttsqueue.servers.state import Condition
from ttsqueue.web.query import term
from ttsqueue.web.wording import counted, length, size
from ttsqueue.workers import Worker

SILENT = timedelta(seconds=60)
"""A worker that was not heard of for this long is stale; heartbeats come every few seconds."""
WAIT_TARGET = timedelta(minutes=10)
"""How long a book may wait before somebody should look."""
FAILURE_WINDOW = timedelta(hours=1)
MANY = 5
"""So many failures with one code within the window are no accident."""
LONG_PAUSE = timedelta(minutes=1)
"""A server that must be left alone for longer holds books up."""
STILL_OF_INTEREST = timedelta(minutes=10)
"""Since the last failure of a server; without books nobody finds out whether it is well again."""
LOW = 2_000_000_000
"""Bytes: a long book in a lossless format with its chapters needs about this much."""


@dataclass(frozen=True, slots=True)
class Failures:
    """Jobs that failed with one code within FAILURE_WINDOW."""

    code: str | None
    """None for failures that came without one."""
    count: int
    since: datetime
    """The first of them."""


@dataclass(frozen=True, slots=True)
class Situation:
    """The queue as one look shows it."""

    now: datetime
    """By the store's clock, as all times here."""
    due: int
    """Jobs that could be claimed now."""
    waiting_since: datetime | None
    """Since when the oldest of them could be."""
    workers: Sequence[Worker]
    failures: Sequence[Failures] = ()
    free_bytes: int | None = None
    """On the disk with the sound; None when nobody could tell."""
    paused: bool = False
    servers: Sequence[ServerReport] = ()


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing that needs somebody."""

    sentence: str
    link: str
    action: str
    """What the link says."""
    since: datetime | None = None


def attention(now: Situation) -> tuple[Attention, ...]:
    """The worst first; empty when all is well. A paused queue makes nobody late: the bar says that it is paused."""
    return (*_nobody_speaks(now), *_disk(now), *_servers(now), *_failing(now), *_stale(now), *_late(now))


def paused_queue(now: Situation) -> tuple[Attention, ...]:
    """Apart from the others: somebody wanted it, but all is not well."""
    if not now.paused:
        return ()
    waiting = f"{counted(now.due, 'book')} {'waits' if now.due == 1 else 'wait'}" if now.due else "no book waits"
    return (Attention(f"The queue is paused; {waiting}.", "/admin#bar", "Resume it above"),)


def all_is_well(now: Situation) -> str:
    """`All is well. 3 workers, oldest wait 4 s.`"""
    workers = counted(len(live_workers(now)), "worker") if now.workers else "No worker is running"
    return f"All is well. {workers}, {_oldest_wait(now)}."


def live_workers(now: Situation) -> list[Worker]:
    return [worker for worker in now.workers if not is_stale(worker)]


def is_stale(worker: Worker) -> bool:
    return worker.silent_for is None or worker.silent_for > SILENT


def _oldest_wait(now: Situation) -> str:
    if now.waiting_since is None:
        return "nothing waits"
    return f"oldest wait {length(_wait(now).total_seconds())}"


def _wait(now: Situation) -> timedelta:
    """How long the oldest due job has waited; zero without one."""
    return max(now.now - (now.waiting_since or now.now), timedelta(0))


def _nobody_speaks(now: Situation) -> Iterator[Attention]:
    if now.paused or not now.due or live_workers(now):
        return
    verb = "waits" if now.due == 1 else "wait"
    yield Attention(
        f"No worker is running, and {counted(now.due, 'book')} {verb}. Start one with: ttsqueue work",
        "/admin?q=state:waiting#jobs",
        "See what waits",
        now.waiting_since,
    )


def _servers(now: Situation) -> Iterator[Attention]:
    for report in now.servers:
        if sentence := _server_trouble(report):
            since = report.state.failing_since if report.condition is Condition.OPEN else None
            at = None if since is None else datetime.fromtimestamp(since, UTC)
            yield Attention(sentence, "/admin#servers", "See the servers", at)


def _server_trouble(report: ServerReport) -> str | None:
    told, name = report.state.last_trouble, report.server.name
    words = f": {told.words}" if told else ""
    if report.condition is Condition.OPEN:
        failed_at = told.at if told else report.state.paused_until
        if report.now - failed_at > STILL_OF_INTEREST.total_seconds():
            return None
        return f"The TTS server {name} fails{words}. Its books wait and lose no attempt; it is tried every few seconds."
    if report.left_alone_for > LONG_PAUSE.total_seconds():
        return f"The TTS server {name} wants to be left alone for {length(report.left_alone_for)}{words}."
    return None


def _stale(now: Situation) -> Iterator[Attention]:
    for worker in now.workers:
        if not is_stale(worker):
            continue
        heard = "never" if worker.silent_for is None else f"{length(worker.silent_for.total_seconds())} ago"
        held = counted(len(worker.job_ids), "book") if worker.job_ids else "nothing"
        yield Attention(
            f"Worker {worker.name} was last heard of {heard}; it holds {held}.",
            "/admin#workers",
            "See the workers",
            worker.heartbeat_at,
        )


def _failing(now: Situation) -> Iterator[Attention]:
    for failures in sorted(now.failures, key=lambda failures: -failures.count):
        if failures.count < MANY:
            continue
        query = f"state:failed {term('error', failures.code or '')}".strip()
        yield Attention(
            f"{counted(failures.count, 'book')} failed with {failures.code or 'no code'} within the last hour.",
            f"/admin?q={quote_plus(query, ':')}#jobs",
            "See the failures",
            failures.since,
        )


def _late(now: Situation) -> Iterator[Attention]:
    """Without a live worker the reason is known and has been said."""
    if now.paused or not live_workers(now) or _wait(now) <= WAIT_TARGET:
        return
    target = length(WAIT_TARGET.total_seconds())
    yield Attention(
        f"The oldest book has waited {length(_wait(now).total_seconds())}; the target is {target}. "
        "More workers or slots would help.",
        "/admin?q=state:waiting+older:10min#jobs",
        "See who waits",
        now.waiting_since,
    )


def _disk(now: Situation) -> Iterator[Attention]:
    if now.free_bytes is None or now.free_bytes >= LOW:
        return
    yield Attention(
        f"The disk with the sound is nearly full: {size(now.free_bytes)} are free. "
        "Delete finished books or give it more room.",
        "/admin?q=state:done+older:7d#jobs",
        "See old books",
    )
