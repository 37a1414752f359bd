"""Waiting times are counted in steps; what is read from them is nearly what was counted."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from ttsqueue.activity import Waiting, wait_step, waiting


def counted(*seconds: float) -> Waiting:
    return waiting(Counter(map(wait_step, seconds)))


def test_nobody_waited() -> None:
    assert counted() == Waiting(0, None, None)


@given(st.floats(0.01, 1e9))
def test_a_waiting_time_is_never_told_too_short_and_hardly_too_long(seconds: float) -> None:
    told = counted(seconds).p50
    assert told is not None
    assert seconds * 0.999999 <= told <= seconds * 1.1000001


def test_a_clock_that_was_set_back_makes_no_waiting_time() -> None:
    assert counted(-3600.0) == counted(0.0) == Waiting(1, 0.01, 0.01)


def test_half_of_the_jobs_waited_no_longer_than_p50_and_nearly_all_than_p95() -> None:
    told = counted(*[1.0] * 50, *[20.0] * 45, *[3000.0] * 5)
    assert told.p50 is not None
    assert told.p95 is not None
    assert told.jobs == 100
    assert 1.0 <= told.p50 <= 1.1
    assert 20.0 <= told.p95 <= 22.0
