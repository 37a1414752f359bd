"""What the end of a call says about the server. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ttsqueue.servers.state import ServerState, SpokenCall

RECENT_CALLS = 60

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_SHORTEST_PROBE = 1.0
"""Seconds between two probes of a server whose circuit is open."""
_LONGEST_RETRY_AFTER = 3600.0
"""Seconds; who asks for more is asked again after that."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """It brought sound."""

    call: SpokenCall


@dataclass(frozen=True, slots=True)
class Limited:
    """429. `retry_after` in seconds, when the server named it."""

    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """5xx, a timeout, a broken connection."""


@dataclass(frozen=True, slots=True)
class Answered:
    """It refused this one call, and is well."""


@dataclass(frozen=True, slots=True)
class Abandoned:
    """We hung up: that says nothing about the server."""


Ending = Spoken | Limited | Failed | Answered | Abandoned


def ended(state: ServerState, permit_id: str, ending: Ending, now: float, chance: float) -> ServerState:
    """A call ended so. `chance`, from 0 to 1, spreads the pauses of several servers and queues."""
    state = replace(state, permits=tuple(permit for permit in state.permits if permit.id != permit_id))
    match ending:
        case Spoken(call):
            recent = (*state.recent, call)[-RECENT_CALLS:]
            return replace(state, recent=recent, refusals=0, failures=0)
        case Answered():
            return replace(state, refusals=0, failures=0)
        case Limited(retry_after):
            pause = _pause(state.refusals, chance) if retry_after is None else min(retry_after, _LONGEST_RETRY_AFTER)
            told = replace(state, refusals=state.refusals + 1, limited=state.limited + 1, failures=0)
            return _paused(told, now + pause)
        case Failed():
            failed = replace(state, failures=state.failures + 1, failed=state.failed + 1)
            pause = _pause(state.failures, chance)
            return _paused(failed, now + (max(pause, _SHORTEST_PROBE) if failed.is_open else pause))
        case Abandoned():
            return state


def _paused(state: ServerState, until: float) -> ServerState:
    """Calls that were under way together and fail together do not shorten what the first of them brought about."""
    return replace(state, paused_until=max(state.paused_until, until))


def _pause(before: int, chance: float) -> float:
    """Twice as long each time, and half of it left to chance."""
    doubled: float = _FIRST_PAUSE * 2.0 ** min(before, 10)
    return min(doubled, _LONGEST_PAUSE) * (0.5 + chance / 2)
