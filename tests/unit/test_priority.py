"""Who is served first?"""

from __future__ import annotations

from typing import get_args

import pytest

from ttsqueue.priority import LATEST, SOONEST, Urgency, get_priority_for_user

URGENCIES: tuple[Urgency, ...] = get_args(Urgency)


@pytest.mark.parametrize(
    ("is_premium", "urgency", "priority"),
    [
        (True, "urgent", 1),
        (True, "normal", 2),
        (True, "bulk", 3),
        (False, "urgent", 5),
        (False, "normal", 5),
        (False, "bulk", 10),
    ],
)
def test_each_tier_has_its_priorities(is_premium: bool, urgency: Urgency, priority: int) -> None:
    assert get_priority_for_user(is_premium, urgency) == priority


def test_what_nobody_calls_urgent_or_bulk_is_normal() -> None:
    assert get_priority_for_user(True) == 2
    assert get_priority_for_user(False) == 5


def test_every_premium_job_goes_before_every_free_one() -> None:
    premium = [get_priority_for_user(True, urgency) for urgency in URGENCIES]
    free = [get_priority_for_user(False, urgency) for urgency in URGENCIES]
    assert max(premium) < min(free)
    assert all(SOONEST <= priority <= LATEST for priority in premium + free)
