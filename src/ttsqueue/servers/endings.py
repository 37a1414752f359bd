"""What the end of a call says about the server. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ttsqueue.servers.state import ServerState, SpokenCall, Trouble

RECENT_CALLS = 60

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
"""Of a server that says 429."""
_SHORTEST_PROBE, _LONGEST_PROBE = 1.0, 5.0
"""Seconds between two probes of a server whose circuit is open: one call of all workers together is cheap, and every
second that a server is well again and not asked is lost."""
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
    why: str = "too many requests"


@dataclass(frozen=True, slots=True)
class Failed:
    """5xx, a timeout, a broken connection."""

    why: str = ""
    was_slow: bool = False
    """It took all the time there is: no blip lasts for so long."""


@dataclass(frozen=True, slots=True)
class Answered:
    """It refused this one call, and is well."""

    why: str = ""


@dataclass(frozen=True, slots=True)
class Abandoned:
    """We hung up: that says nothing about the server."""


Ending = Spoken | Limited | Failed | Answered | Abandoned


def ended(state: ServerState, permit_id: str, ending: Ending, now: float, chance: float) -> ServerState:
    """A call ended so. `chance`, from 0 to 1, spreads the pauses of several servers and queues."""
    state = replace(state, permits=tuple(permit for permit in state.permits if permit.id != permit_id))
    if not isinstance(ending, Abandoned):
        state = replace(state, calls=state.calls + 1)
    if isinstance(ending, Limited | Failed | Answered) and ending.why:
        state = replace(state, last_trouble=Trouble(ending.why, now))
    match ending:
        case Spoken(call):
            recent = (*state.recent, call)[-RECENT_CALLS:]
            return replace(state, recent=recent, refusals=0, failures=0)
        case Answered():
            return replace(state, refusals=0, failures=0)
        case Limited():
            return _limited(state, ending, now, chance)
        case Failed():
            return _failed(state, ending, now, chance)
        case Abandoned():
            return state


def _limited(state: ServerState, ending: Limited, now: float, chance: float) -> ServerState:
    refusals = state.refusals + _is_news(state.refusals, state, now)
    pause = _pause(refusals, _LONGEST_PAUSE, chance) if refusals > state.refusals else 0.0
    # Who says 429 and "come back in 0 seconds" would be asked without end.
    if ending.retry_after is not None and ending.retry_after >= _FIRST_PAUSE:
        pause = min(ending.retry_after, _LONGEST_RETRY_AFTER)
    return _paused(replace(state, refusals=refusals, limited=state.limited + 1, failures=0), now + pause)


def _failed(state: ServerState, ending: Failed, now: float, chance: float) -> ServerState:
    failed = replace(state, failed=state.failed + 1)
    if not (ending.was_slow or _is_news(state.failures, state, now)):
        return failed
    since = state.failing_since if state.failures else now
    failed = replace(failed, failures=state.failures + 1, failing_since=since)
    pause = _pause(failed.failures, _LONGEST_PROBE, chance)
    return _paused(failed, now + (max(pause, _SHORTEST_PROBE) if failed.is_open else pause))


def _is_news(in_a_row: int, state: ServerState, now: float) -> bool:
    """Calls that were under way together end together, by one blip or one burst. During the pause that the first of
    them brought about nobody calls, so that what ends then says nothing new.
    """
    return not in_a_row or now >= state.paused_until


def _paused(state: ServerState, until: float) -> ServerState:
    """None is shortened by what comes later."""
    return replace(state, paused_until=max(state.paused_until, until))


def _pause(in_a_row: int, longest: float, chance: float) -> float:
    """Twice as long each time, and half of it left to chance."""
    doubled: float = _FIRST_PAUSE * 2.0 ** min(in_a_row - 1, 10)
    return min(doubled, longest) * (0.5 + chance / 2)
