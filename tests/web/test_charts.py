"""Charts as values."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from ttsqueue.web.charts import BOTTOM, LEFT, RIGHT, TOP, Chart, Series, chart, nice_top

START = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def drawn(*series: Series, step: timedelta = timedelta(minutes=1)) -> Chart:
    starts = [START + step * index for index in range(len(series[0].values))]
    return chart("waiting", "Waiting", starts, series, lambda value: f"{value:g} s")


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.]+),([\d.]+)", path)]


def test_a_line_goes_from_edge_to_edge_and_from_nothing_to_the_top() -> None:
    (line,) = drawn(Series("p50", (0, 5, 10))).lines
    assert points(line.path) == [(LEFT, BOTTOM), ((LEFT + RIGHT) / 2, (TOP + BOTTOM) / 2), (RIGHT, TOP)]


def test_what_is_not_known_is_a_gap_and_a_lone_value_a_dot() -> None:
    (line,) = drawn(Series("p50", (1, 2, None, 3, None, 4, 4))).lines
    assert line.path.count("M") == 3
    assert line.path.count("L") == 2
    assert len(line.dots) == 1


def test_the_axis_ends_at_a_plain_number_over_every_line() -> None:
    ticks = drawn(Series("p50", (1, 2)), Series("p95", (3, 37))).y_ticks
    assert [tick.label for tick in ticks] == ["0 s", "20 s", "40 s"]


@pytest.mark.parametrize(("greatest", "top"), [(0.3, 0.4), (1, 1), (7, 10), (61, 100), (100, 100), (101, 200), (0, 1)])
def test_nice_tops(greatest: float, top: float) -> None:
    assert nice_top([0, greatest]) == pytest.approx(top)


def test_labels_of_lines_that_end_together_do_not_overlap() -> None:
    first, second = drawn(Series("p50", (1, 2)), Series("p95", (1, 2))).lines
    assert abs(first.label_y - second.label_y) >= 14


def test_the_table_and_the_sentence_say_the_same() -> None:
    shown = drawn(Series("p50", (4, None)), Series("p95", (9, 6)))
    assert [(row.at, row.values) for row in shown.rows] == [
        ("24 Nov 11:00", ("4 s", "9 s")),
        ("24 Nov 11:01", ("-", "6 s")),
    ]
    assert shown.summary == "Waiting: p50 last 4 s, at most 4 s; p95 last 6 s, at most 9 s."


def test_nothing_known_is_said() -> None:
    assert drawn(Series("p50", (None, None))).summary == "Waiting: p50, nothing is known."


def test_times_are_hours_within_a_day_and_days_within_a_week() -> None:
    hour = drawn(Series("p50", (1.0,) * 61))
    week = drawn(Series("p50", (1.0,) * 29), step=timedelta(hours=6))
    assert [tick.label for tick in hour.x_ticks] == ["11:00", "11:30", "12:00"]
    assert [tick.label for tick in week.x_ticks] == ["Tue 24 Nov", "Fri 27 Nov", "Tue 1 Dec"]


def test_no_time_at_all_draws_nothing() -> None:
    empty = chart("a", "Books", [], [Series("done", ())], str)
    assert (empty.rows, empty.x_ticks, empty.lines[0].path) == ((), (), "")
