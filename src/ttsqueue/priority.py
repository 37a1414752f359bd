"""Who is served first."""

from __future__ import annotations

from typing import Literal

SOONEST = 1
LATEST = 10

Urgency = Literal["urgent", "normal", "bulk"]

_PREMIUM: dict[Urgency, int] = {"urgent": 1, "normal": 2, "bulk": 3}
_FREE: dict[Urgency, int] = {"urgent": 5, "normal": 5, "bulk": 10}


def get_priority_for_user(is_premium: bool, urgency: Urgency = "normal") -> int:
    """The priority of a new job: 1 to 3 for premium users, 5 to 10 for free ones; lower is sooner.

    Urgency is a premium right: a free user's urgent job is a normal one.
    """
    return (_PREMIUM if is_premium else _FREE)[urgency]
