"""Who may call a server, and when. Pure: state in, state and answer out; time is passed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf

from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.state import Permit, ServerState

PERMIT_LASTS = 30.0
"""Seconds; whoever calls for longer renews it. A place that a killed worker held is free after that, and sooner where
somebody sees that it is dead."""

_LOOK_AGAIN = 0.05
"""Seconds until somebody who found all places taken looks again."""
_RESERVED_AHEAD = 0.15
"""Seconds that a call may be promised in advance. More would hold places for those who only wait."""
_LEAST_TOLERANCE = 0.05
"""Seconds; a process is never more punctual than that."""
_LONGEST_WAIT = 1.0
"""Seconds until somebody who waits looks again: limits may have been changed meanwhile."""


@dataclass(frozen=True, slots=True)
class Go:
    """Call in `seconds`, under a permit that is taken now."""

    seconds: float
    tolerance: float = inf
    """Whoever comes later than that by so many seconds would be on the heels of the next, and asks again."""
    is_probe: bool = False
    """The circuit is open: this call is to find out whether the server is well again."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Ask again in `seconds`."""

    seconds: float
    paused: float = 0.0
    """Seconds for which the server must be left alone; zero when it merely has its hands full."""


def asked(
    state: ServerState, limits: ServerLimits, characters: int, permit_id: str, now: float, lasts: float = PERMIT_LASTS
) -> tuple[ServerState, Go | Wait]:
    """Somebody wants to call, or came too late and wants another turn: a permit that they hold is given back first, or
    two of them could wait for each other.
    """
    others = tuple(permit for permit in state.permits if permit.until > now and permit.id != permit_id)
    state = replace(state, permits=others)
    limits = state.limits or limits
    start = max(now, state.next_call_at, state.paused_until)
    if start - now > _RESERVED_AHEAD:
        return state, Wait(min(start - now - _RESERVED_AHEAD / 2, _LONGEST_WAIT), max(state.paused_until - now, 0.0))
    if len(others) >= _places(state, limits):
        return state, Wait(_LOOK_AGAIN)
    spacing = limits.spacing(characters)
    taken = replace(
        state,
        permits=(*others, Permit(permit_id, start + lasts)),
        next_call_at=start + spacing,
    )
    return taken, Go(start - now, max(spacing / 2, _LEAST_TOLERANCE) if spacing else inf, state.is_open)


def renewed(state: ServerState, permit_id: str, now: float, lasts: float = PERMIT_LASTS) -> ServerState:
    """The call takes longer."""
    return replace(
        state,
        permits=tuple(
            replace(permit, until=now + lasts) if permit.id == permit_id else permit for permit in state.permits
        ),
    )


def with_limits(state: ServerState, limits: ServerLimits | None, of_file: ServerLimits, now: float) -> ServerState:
    """An operator changes the limits; None goes back to those of the file. Nobody waits any longer by the old ones."""
    next_call_at = min(state.next_call_at, now + (limits or of_file).spacing(characters=0))
    return replace(state, limits=limits, next_call_at=next_call_at)


def _places(state: ServerState, limits: ServerLimits) -> float:
    """A server that fails is probed by one call at a time."""
    if state.is_open:
        return 1
    return limits.max_concurrent or float("inf")
