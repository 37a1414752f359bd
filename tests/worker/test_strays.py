"""Jobs that stand under a worker's name and do not run there: when it looks for them."""

from __future__ import annotations

import pytest

from ttsqueue.worker.strays import is_due

NEVER = float("-inf")


@pytest.mark.parametrize(
    ("looked", "ended", "due"),
    [
        (0, NEVER, False),
        (0, 90, True),
        (41, 90, False),
        (35, 30, True),
        (35, -30, False),
    ],
    ids=["no_job_ended", "one_ended_since", "a_moment_ago", "one_ended_shortly_before", "one_ended_long_before"],
)
def test_ends_are_looked_after_for_a_minute(looked: float, ended: float, due: bool) -> None:
    assert is_due(100, looked, ended) is due
