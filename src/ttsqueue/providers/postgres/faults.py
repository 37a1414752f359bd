"""PostgreSQL's errors as one sentence of ours, without password or address: what happened and what to do."""

from __future__ import annotations

import psycopg
from psycopg_pool import PoolClosed, PoolTimeout

from ttsqueue.errors import StoreUnavailable, TTSQueueError

_BY_STATE = {
    "53100": "cannot write because its disk is full; free some space on the database server and try again",
    "53300": "has no connection left for us; raise max_connections or use fewer processes",
    "53400": "has reached a limit of its configuration; ask its administrator",
    "25006": "is read-only, a standby perhaps; point DATABASE_URL at the primary server",
    "42501": "refuses us what we need; connect as the owner of the tts_ tables (or of the schema public)",
    "55P03": "is locked by another program; wait until it is done and try again",
    "57P03": "is starting up or shutting down; try again in a moment",
    "28P01": "refuses the user name or password in DATABASE_URL",
    "3D000": "has no database of the name in DATABASE_URL",
}

_BY_WORDS = {
    "too many clients": "53300",
    "too many connections": "53300",
    "remaining connection slots": "53300",
    "password authentication failed": "28P01",
    "starting up": "57P03",
    "shutting down": "57P03",
    "recovery mode": "57P03",
    "does not exist": "3D000",
}
"""A connection that is refused brings no code, only words."""

TRY_AGAIN = frozenset({"40P01", "40001", "23505"})
"""Deadlock, serialization failure, and a twin that another connection committed first."""


def explained(error: Exception) -> Exception:
    """What the caller gets to see: StoreUnavailable for trouble with the server, else the error itself."""
    if isinstance(error, TTSQueueError) or not isinstance(error, psycopg.Error | PoolTimeout | PoolClosed | OSError):
        return error
    unavailable = StoreUnavailable(f"The database {_reason(error)}.")
    unavailable.__cause__ = error
    return unavailable


def _reason(error: Exception) -> str:
    state = getattr(error, "sqlstate", None) or _state_in(str(error))
    if state in _BY_STATE:
        return _BY_STATE[state]
    if state is None or state.startswith(("08", "57")):
        return "does not answer; check that the server runs and that DATABASE_URL names it"
    return f"refused a statement (SQLSTATE {state}); its log tells more"


def _state_in(words: str) -> str | None:
    return next((state for phrase, state in _BY_WORDS.items() if phrase in words), None)
