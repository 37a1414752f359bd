"""Heavy work that strangers can ask for happens a few at a time, over all users of a server."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

_AT_ONCE = 2


def _turn() -> asyncio.Semaphore:
    return asyncio.Semaphore(_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Turns:
    """One per server: whoever comes while others have theirs waits."""

    books: asyncio.Semaphore = field(default_factory=_turn)
    """Reading uploads, each in a child that may take a gigabyte."""
    covers: asyncio.Semaphore = field(default_factory=_turn)
    previews: asyncio.Semaphore = field(default_factory=_turn)


def the_turns(connection: HTTPConnection) -> Turns:
    state = connection.app.state
    if not hasattr(state, "turns"):
        state.turns = Turns()
    turns: Turns = state.turns
    return turns


TheTurns = Annotated[Turns, Depends(the_turns)]
