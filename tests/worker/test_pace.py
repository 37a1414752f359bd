"""Percent and the time left."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ttsqueue.worker.pace import Pace


@given(st.integers(1, 10**8), st.data())
def test_percent_stays_between_0_and_99_and_grows_with_what_is_spoken(total: int, data: st.DataObject) -> None:
    less, more = sorted(data.draw(st.tuples(st.integers(0, total), st.integers(0, total))))
    pace = Pace(total, before=0)
    assert 0 <= pace.percent(less) <= pace.percent(more) <= 99


def test_percent_counts_what_earlier_attempts_spoke() -> None:
    assert Pace(1000, before=500).percent(600) == 60


def test_the_time_left_is_told_at_the_pace_of_this_attempt() -> None:
    assert Pace(1000, before=500).eta(600, elapsed=10) == 40


def test_nothing_is_promised_before_the_first_piece() -> None:
    assert Pace(1000, before=500).eta(500, elapsed=10) is None


def test_no_time_is_left_when_all_is_spoken() -> None:
    assert Pace(1000, before=0).eta(1000, elapsed=10) == 0


def test_a_book_without_a_character_is_at_0() -> None:
    assert Pace(0, before=0).percent(0) == 0
