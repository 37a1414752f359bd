"""The admin's numbers and charts, as values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ttsqueue.activity import Activity, ActivityBucket, Waiting
from ttsqueue.api.routes.admin import Span
from ttsqueue.listing import QueueStats
from ttsqueue.web.admin_address import Asked, read_asked
from ttsqueue.web.admin_bulk import Preview, Wish
from ttsqueue.web.admin_figures import charts, compact, figures
from ttsqueue.web.admin_workers import worker_row
from ttsqueue.web.charts import TOP, Series, chart
from ttsqueue.web.query import read_query, term
from ttsqueue.workers import Worker, WorkerProcess

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def steps(width: timedelta, *buckets: ActivityBucket) -> Activity:
    return Activity(width, buckets)


def step(**counts: object) -> ActivityBucket:
    return ActivityBucket(NOW, **counts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0"), (0.0254, "0.0254"), (12.5, "12.5"), (950, "950"), (5826, "5,826"), (12_345, "12.3k"), (1.2e6, "1.2M")],
)
def test_numbers_have_three_digits_that_count(number: float, said: str) -> None:
    assert compact(number) == said


def test_rates_are_by_the_minute_whatever_the_width_of_a_step() -> None:
    activity = steps(timedelta(minutes=15), step(completed=30, characters=1500, audio_seconds=1800.0))
    books, characters, audio = (chart.rows[0].values for chart in charts(activity, Span.DAY)[:3])
    assert (books, characters, audio) == (("2",), ("100",), ("2",))


def test_the_minute_that_is_not_over_is_not_drawn() -> None:
    activity = steps(timedelta(minutes=1), step(completed=4), step(completed=1))
    assert [row.values for row in charts(activity, Span.HOUR)[0].rows] == [("4",)]


def test_long_waits_are_told_in_their_unit() -> None:
    def told(seconds: float) -> tuple[str, ...]:
        bucket = step(free=Waiting(1, seconds / 2, seconds))
        return charts(steps(timedelta(hours=2), bucket), Span.WEEK)[4].rows[0].values

    assert told(90) == ("45 s", "90 s")
    assert told(600) == ("5 min", "10 min")
    assert told(4 * 3600) == ("2 h", "4 h")


def test_a_wait_of_nothing_is_not_drawn_as_much() -> None:
    waits = charts(steps(timedelta(hours=2), step(free=Waiting(1, 0.01, 0.01))), Span.WEEK)[4]
    assert [tick.label for tick in waits.y_ticks] == ["0 s", "0.5 s", "1 s"]


def test_labels_at_the_top_stay_inside_the_picture() -> None:
    lines = chart("a", "Waiting", [NOW, NOW], [Series("p50", (1, 2)), Series("p95", (1, 2))], str).lines
    assert min(line.label_y for line in lines) >= TOP


def test_waiting_leaves_out_what_is_delayed() -> None:
    shown = figures(QueueStats(pending=7, delayed=3), step(), step(premium=Waiting(4, 4.0, 12.0)))
    assert (shown[0].value, shown[1].value) == ("4", "3")
    assert (shown[5].value, shown[5].of) == ("4 s", "p50 of the last hour; p95 12 s")


def test_a_worker_that_fell_silent_is_not_called_busy() -> None:
    process = WorkerProcess("calliope.local", "boot", "namespace", 1, 0.0)
    worker = Worker("worker-1", "worker-1@1", process, "0.1.0", 2, NOW, NOW, timedelta(minutes=4))
    row = worker_row(worker, [])
    assert (row.state.word, row.heard, row.slots) == ("Silent", "4 min ago", "0 of 2 busy")


def test_addresses_say_no_more_than_is_asked_for() -> None:
    assert Asked().address() == "/admin"
    assert Asked("state:failed", Span.DAY, "abc").address("jobs", cursor=None) == "/admin?q=state:failed&span=day#jobs"
    assert read_asked("  a   b ", "century", "") == Asked("a b")


@pytest.mark.parametrize("value", ["RATE_LIMIT", "a b", " ", "it's", "a:b", "ü"])
def test_a_term_asks_for_just_its_value(value: str) -> None:
    assert read_query(term("error", value), NOW).error_code == value


@pytest.mark.parametrize("value", ["", ",", 'a"b'])
def test_what_no_query_can_say_is_left_out(value: str) -> None:
    assert term("error", value) == ""


def test_more_books_than_fit_into_one_call_are_announced() -> None:
    preview = Preview(Wish("delete", (), "", True, NOW), 23_000, 23_000)
    assert preview.question == "Delete 10,000 books?"
    assert preview.remarks[-1] == "At most 10,000 are done at once, the newest first."
