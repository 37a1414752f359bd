"""How a server is doing, as all workers together know it. Values, and their text in the store."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from ttsqueue.servers.limits import ServerLimits

FAILURES_THAT_OPEN = 3
"""In a row, and the circuit opens: the server is only probed until it answers again."""


class Condition(StrEnum):
    """What an operator reads."""

    UP = "up"
    LIMITED = "limited"
    """It answered 429 and is left alone for a while."""
    OPEN = "open"
    """The circuit is open: it failed several times in a row."""


@dataclass(frozen=True, slots=True)
class Permit:
    """A call under way. One whose worker died ends by itself."""

    id: str
    """Says whose it is: `holder.py`."""
    until: float
    """Seconds since 1970, by the store's clock, as are all times here."""


@dataclass(frozen=True, slots=True)
class SpokenCall:
    """A call that brought sound: what figures for the operator are made of."""

    characters: int
    seconds: float
    audio_seconds: float


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong, in words without keys and addresses."""

    words: str
    at: float


@dataclass(frozen=True, slots=True)
class ServerState:
    """Everything that processes tell each other about one server."""

    permits: tuple[Permit, ...] = ()
    next_call_at: float = 0.0
    """By its limits."""
    paused_until: float = 0.0
    """Because it asked for that, or failed."""
    refusals: int = 0
    """429 in a row; a burst of them is one."""
    failures: int = 0
    """5xx, timeouts and broken connections in a row; what one blip cuts is one."""
    failing_since: float = 0.0
    """The first of those."""
    calls: int = 0
    """All so far that were not abandoned."""
    limited: int = 0
    """All 429 so far."""
    failed: int = 0
    recent: tuple[SpokenCall, ...] = ()
    """The last ones, oldest first."""
    last_trouble: Trouble | None = None
    limits: ServerLimits | None = None
    """Set by an operator while all is running; they replace those of the file."""
    written_at: float = 0.0
    """Zero when an older version wrote it."""

    @property
    def is_open(self) -> bool:
        return self.failures >= FAILURES_THAT_OPEN

    def condition(self, now: float) -> Condition:
        if self.is_open:
            return Condition.OPEN
        return Condition.LIMITED if self.refusals and now < self.paused_until else Condition.UP


def state_text(state: ServerState) -> str:
    """For the store."""
    return json.dumps(asdict(state), separators=(",", ":"))


def state_of(text: str) -> ServerState:
    """What a newer version added is left out; an empty text is a server that nobody has called yet."""
    known: dict[str, Any] = json.loads(text) if text else {}
    known = {name: value for name, value in known.items() if name in ServerState.__dataclass_fields__}
    if known.get("limits"):
        known["limits"] = ServerLimits(**known["limits"])
    if known.get("last_trouble"):
        known["last_trouble"] = Trouble(**known["last_trouble"])
    known["permits"] = tuple(Permit(**permit) for permit in known.get("permits", ()))
    known["recent"] = tuple(SpokenCall(**call) for call in known.get("recent", ()))
    return ServerState(**known)
