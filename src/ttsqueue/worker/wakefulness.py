"""Did this machine sleep?"""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Moment:
    """By both clocks, in seconds. While a machine sleeps the wall clock goes on, as a store's does; the monotonic one,
    by which heartbeats are sent, stands still (PEP 418: on Linux and macOS).
    """

    wall: float
    awake: float


def this_moment() -> Moment:
    return Moment(time.time(), time.monotonic())


def asleep_between(before: Moment, now: Moment) -> float:
    """Seconds that the machine slept, or its clock was set forward."""
    return max((now.wall - before.wall) - (now.awake - before.awake), 0.0)
