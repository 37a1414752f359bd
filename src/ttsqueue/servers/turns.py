"""Who may call a server, and when. Pure: state in, state and answer out; time is passed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.state import Permit, ServerState

PERMIT_LASTS = 30.0
"""Seconds; whoever calls for longer renews it. A place that a killed worker held is free after that."""

_LOOK_AGAIN = 0.05
"""Seconds until somebody who found all places taken looks again."""
_RESERVED_AHEAD = 0.25
"""Seconds that a call may be promised in advance. More would hold places for those who only wait."""
_LONGEST_WAIT = 1.0
"""Seconds until somebody who waits looks again: limits may have been changed meanwhile."""


@dataclass(frozen=True, slots=True)
class Go:
    """Call in `seconds`, under a permit that is taken now."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Wait:
    """Ask again in `seconds`."""

    seconds: float


def asked(
    state: ServerState, limits: ServerLimits, characters: int, permit_id: str, now: float
) -> tuple[ServerState, Go | Wait]:
    """Somebody wants to call. The state changes only with Go."""
    state = replace(state, permits=tuple(permit for permit in state.permits if permit.until > now))
    limits = state.limits or limits
    start = max(now, state.next_call_at, state.paused_until)
    if start - now > _RESERVED_AHEAD:
        return state, Wait(min(start - now - _RESERVED_AHEAD / 2, _LONGEST_WAIT))
    if len(state.permits) >= _places(state, limits):
        return state, Wait(_LOOK_AGAIN)
    permit = Permit(permit_id, start + PERMIT_LASTS)
    taken = replace(
        state,
        permits=(*state.permits, permit),
        next_call_at=start + limits.spacing(characters),
        calls=state.calls + 1,
    )
    return taken, Go(start - now)


def renewed(state: ServerState, permit_id: str, now: float) -> ServerState:
    """The call takes longer."""
    return replace(
        state,
        permits=tuple(
            replace(permit, until=now + PERMIT_LASTS) if permit.id == permit_id else permit for permit in state.permits
        ),
    )


def _places(state: ServerState, limits: ServerLimits) -> float:
    """A server that fails is probed by one call at a time."""
    if state.is_open:
        return 1
    return limits.max_concurrent or float("inf")
