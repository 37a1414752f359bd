"""The TTS servers as the admin's page lists them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from ttsqueue.servers.report import ServerReport
from ttsqueue.servers.state import Condition
from ttsqueue.servers.words import calls, condition, figure, limits_in_words
from ttsqueue.web.wording import State

_KEYS = {Condition.UP: "done", Condition.LIMITED: "waiting", Condition.OPEN: "failed"}


@dataclass(frozen=True, slots=True)
class ServerRow:
    """One server."""

    name: str
    state: State
    calls: str
    refused: str
    pace: str
    slowest: str | None
    """Of twenty calls."""
    real_time: str
    limits: str
    is_changed: bool
    trouble: str | None
    trouble_at: datetime | None


def server_row(report: ServerReport) -> ServerRow:
    told = report.state.last_trouble
    words = condition(report)
    return ServerRow(
        name=report.server.name,
        state=State(_KEYS[report.condition], words[0].upper() + words[1:]),
        calls=calls(report),
        refused=f"{report.state.limited:,}",
        pace=figure(report.pace(50), " s"),
        slowest=figure(report.pace(95), " s") if report.state.recent else None,
        real_time=figure(report.real_time_factor),
        limits=limits_in_words(report.limits),
        is_changed=report.is_changed,
        trouble=told.words if told else None,
        trouble_at=datetime.fromtimestamp(told.at, UTC) if told else None,
    )
