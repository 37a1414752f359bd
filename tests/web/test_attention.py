"""What needs an operator."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.servers.samples import report
from ttsqueue.servers.report import ServerReport
from ttsqueue.servers.state import Trouble
from ttsqueue.web.attention import Failures, Situation, all_is_well, attention
from ttsqueue.workers import Worker, WorkerProcess

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NOW_AT = NOW.timestamp()
PROCESS = WorkerProcess("calliope", "boot", "ns", 1, 0.0)


def worker(name: str = "calliope", silent: float = 3, jobs: tuple[str, ...] = ()) -> Worker:
    return Worker(name, name, PROCESS, "0.1", 1, NOW, NOW - timedelta(seconds=silent), timedelta(seconds=silent), jobs)


def situation(
    *,
    due: int = 0,
    waited: float | None = None,
    workers: tuple[Worker, ...] = (worker(),),
    failures: tuple[Failures, ...] = (),
    free_bytes: int | None = 10**12,
    paused: bool = False,
    servers: tuple[ServerReport, ...] = (),
) -> Situation:
    since = None if waited is None else NOW - timedelta(seconds=waited)
    return Situation(NOW, due, since, workers, failures, free_bytes, paused, servers)


def sentences(now: Situation) -> list[str]:
    return [entry.sentence for entry in attention(now)]


def test_all_is_well_says_how_well() -> None:
    now = situation(due=1, waited=4, workers=(worker("a"), worker("b"), worker("c")))
    assert sentences(now) == []
    assert all_is_well(now) == "All is well. 3 workers, oldest wait 4 s."


def test_an_idle_queue_is_well() -> None:
    assert all_is_well(situation()) == "All is well. 1 worker, nothing waits."
    assert all_is_well(situation(workers=())) == "All is well. No worker is running, nothing waits."


def test_no_live_worker_while_books_wait() -> None:
    entries = attention(situation(due=2, waited=90, workers=()))
    assert [entry.sentence for entry in entries] == [
        "No worker is running, and 2 books wait. Start one with: ttsqueue work"
    ]
    assert entries[0].since == NOW - timedelta(seconds=90)


def test_a_silent_worker_counts_as_none_and_is_named() -> None:
    assert sentences(situation(due=1, waited=5, workers=(worker(silent=240, jobs=("1", "2")),))) == [
        "No worker is running, and 1 book waits. Start one with: ttsqueue work",
        "Worker calliope was last heard of 4 min ago; it holds 2 books.",
    ]


def test_a_worker_within_a_minute_is_not_stale() -> None:
    assert sentences(situation(workers=(worker(silent=60),))) == []
    assert len(sentences(situation(workers=(worker(silent=61),)))) == 1


def test_many_failures_with_one_code_are_an_engine_that_fails() -> None:
    since = NOW - timedelta(minutes=20)
    entries = attention(situation(failures=(Failures("ENGINE_FAILED", 5, since), Failures("RATE_LIMIT", 14, since))))
    assert [entry.sentence for entry in entries] == [
        "14 books failed with RATE_LIMIT within the last hour.",
        "5 books failed with ENGINE_FAILED within the last hour.",
    ]
    assert entries[0].since == since
    assert entries[0].link == "/admin?q=state:failed+error:RATE_LIMIT#jobs"


def test_few_failures_are_nobody_s_business() -> None:
    assert sentences(situation(failures=(Failures("RATE_LIMIT", 4, NOW),))) == []


def test_a_wait_over_target() -> None:
    assert sentences(situation(due=1, waited=600)) == []
    (sentence,) = sentences(situation(due=1, waited=42 * 60))
    assert sentence.startswith("The oldest book has waited 42 min; the target is 10 min.")


def test_a_disk_nearly_full() -> None:
    (sentence,) = sentences(situation(free_bytes=1_400_000_000))
    assert sentence.startswith("The disk with the sound is nearly full: 1.4 GB are free.")
    assert sentences(situation(free_bytes=None)) == []


def test_a_server_that_fails_needs_somebody_until_nobody_has_tried_it_for_long() -> None:
    down: dict[str, Any] = {
        "failures": 3,
        "failing_since": NOW_AT - 90,
        "last_trouble": Trouble("it cannot be reached", NOW_AT),
    }
    (entry,) = attention(situation(servers=(report(NOW_AT, **down),)))
    assert entry.sentence.startswith("The TTS server attic fails: it cannot be reached. Its books wait")
    assert entry.since == NOW - timedelta(seconds=90)
    assert sentences(situation(servers=(report(NOW_AT + 601, **down),))) == []


def test_a_server_that_wants_to_be_left_alone_needs_somebody_when_it_is_for_long() -> None:
    for seconds, number in ((60, 0), (61, 1)):
        told = report(NOW_AT, refusals=1, paused_until=NOW_AT + seconds)
        assert len(sentences(situation(servers=(told,)))) == number


def test_while_paused_waiting_is_not_a_fault() -> None:
    assert sentences(situation(due=9, waited=9999, workers=(), paused=True)) == []
