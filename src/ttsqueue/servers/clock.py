"""The store's clock may be set back: SQLite has that of its computer, and who takes a store over has another. Pure."""

from __future__ import annotations

from dataclasses import replace

from ttsqueue.servers.state import ServerState


def by_clock(state: ServerState, now: float) -> ServerState:
    """As far from now as everything was when the state was written; else nobody would call for as long as the clock
    went back.
    """
    ahead = state.written_at - now
    if ahead <= 0:
        return state
    trouble = state.last_trouble
    return replace(
        state,
        permits=tuple(replace(permit, until=permit.until - ahead) for permit in state.permits),
        next_call_at=state.next_call_at - ahead,
        paused_until=state.paused_until - ahead,
        failing_since=state.failing_since - ahead,
        last_trouble=trouble and replace(trouble, at=trouble.at - ahead),
        written_at=now,
    )
