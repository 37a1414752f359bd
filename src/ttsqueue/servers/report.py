"""How a server is doing, for those who keep it running. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.server import SpeechServer
from ttsqueue.servers.state import Condition, ServerState, SpokenCall

_THOUSAND = 1000
_TELLING = 20
"""Characters. In a shorter call the way there and back is most of it."""


@dataclass(frozen=True, slots=True)
class ServerReport:
    """One server at one moment. `now` and all times of the state are seconds since 1970 by the store's clock."""

    server: SpeechServer
    state: ServerState
    now: float

    @property
    def condition(self) -> Condition:
        return self.state.condition(self.now)

    @property
    def in_flight(self) -> int:
        """Calls under way."""
        return sum(permit.until > self.now for permit in self.state.permits)

    @property
    def limits(self) -> ServerLimits:
        """That hold now."""
        return self.state.limits or self.server.limits

    @property
    def is_changed(self) -> bool:
        """Whether an operator set other limits than those of the file."""
        return self.state.limits is not None

    @property
    def left_alone_for(self) -> float:
        """Seconds, because it asked for that or failed."""
        return max(self.state.paused_until - self.now, 0.0)

    def pace(self, percentile: int) -> float | None:
        """Seconds per 1,000 characters, of the last calls that brought sound; None before the first."""
        telling = [call for call in self.state.recent if call.characters >= _TELLING]
        paces = sorted(call.seconds / call.characters * _THOUSAND for call in telling)
        return paces[max(-(-len(paces) * percentile // 100) - 1, 0)] if paces else None

    @property
    def real_time_factor(self) -> float | None:
        """Seconds that a second of sound takes; below 1 it speaks faster than anybody listens."""
        return _real_time_factor(self.state.recent)


def _real_time_factor(calls: Sequence[SpokenCall]) -> float | None:
    sound = sum(call.audio_seconds for call in calls)
    return sum(call.seconds for call in calls) / sound if sound else None
