"""A server as JSON, for the API and for scripts. Its address and key are no part of it."""

from __future__ import annotations

from datetime import UTC, datetime

from ttsqueue.contract import Json, iso
from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.report import ServerReport
from ttsqueue.servers.state import Trouble


def server_view(report: ServerReport) -> Json:
    state = report.state
    return {
        "name": report.server.name,
        "engine": report.server.engine,
        "state": report.condition.value,
        "callsInFlight": report.in_flight,
        "calls": state.calls,
        "rateLimited": state.limited,
        "failed": state.failed,
        "leftAloneSeconds": round(report.left_alone_for, 3),
        "p50": report.pace(50),
        "p95": report.pace(95),
        "realTimeFactor": report.real_time_factor,
        "lastError": _trouble(state.last_trouble),
        "limits": _limits(report.limits),
        "limitsOfFile": _limits(report.server.limits),
        "limitsAreChanged": report.is_changed,
    }


def _limits(limits: ServerLimits) -> Json:
    return {
        "maxConcurrent": limits.max_concurrent,
        "callsPerSecond": limits.calls_per_second,
        "callsPerMinute": limits.calls_per_minute,
        "charactersPerMinute": limits.characters_per_minute,
    }


def _trouble(trouble: Trouble | None) -> Json | None:
    if trouble is None:
        return None
    return {"message": trouble.words, "at": iso(datetime.fromtimestamp(trouble.at, UTC))}
