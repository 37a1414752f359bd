"""A job that changes all the time is looked at ten times a second."""

from __future__ import annotations

from ttsqueue.api.live.pace import INTERVAL, Pace


def test_a_first_change_is_due_at_once_and_the_next_after_the_interval() -> None:
    pace = Pace()
    assert pace.wait(50.0) is None
    pace.add(["a"])
    assert pace.wait(50.0) == 0
    assert pace.take(50.0, 10) == ["a"]
    pace.add(["a", "a"])
    assert pace.take(50.05, 10) == []
    assert abs((pace.wait(50.05) or 0) - 0.05) < 1e-6
    assert pace.take(50.0 + INTERVAL, 10) == ["a"]
    assert pace.wait(51.0) is None


def test_a_busy_job_does_not_hold_up_a_quiet_one() -> None:
    pace = Pace()
    pace.add(["busy"])
    pace.take(50.0, 10)
    pace.add(["busy", "quiet"])
    assert pace.wait(50.01) == 0
    assert pace.take(50.01, 10) == ["quiet"]


def test_a_flood_comes_in_slices_oldest_first() -> None:
    pace = Pace()
    pace.add(["a", "b", "c"])
    assert [pace.take(50.0, 2), pace.take(50.0, 2)] == [["a", "b"], ["c"]]


def test_old_looks_are_forgotten() -> None:
    pace = Pace()
    for number in range(100):
        pace.add([str(number)])
        pace.take(50.0 + number, 10)
    assert len(pace._looked) == 1
