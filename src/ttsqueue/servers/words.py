"""A server in plain words, for pages and terminals. Pure."""

from __future__ import annotations

from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.report import ServerReport
from ttsqueue.servers.state import Condition

_LONG = ((86_400, "d"), (3600, "h"), (60, "min"))


def condition(report: ServerReport) -> str:
    """`up`, `limited for 40 s`, `open for 3 min`: the latter two look ahead and back."""
    match report.condition:
        case Condition.UP:
            return "up"
        case Condition.LIMITED:
            return f"limited for {_length(report.left_alone_for)}"
        case Condition.OPEN:
            return f"open for {_length(report.now - report.state.failing_since)}"


def calls(report: ServerReport) -> str:
    """`3 of 4`, or `3` where there is no cap."""
    cap = report.limits.max_concurrent
    return f"{report.in_flight}" + (f" of {cap:,}" if cap else "")


def limits_in_words(limits: ServerLimits) -> str:
    """`4 at once, 10 calls a second`; `no limit` without any."""
    parts = (
        (limits.max_concurrent, "at once"),
        (limits.calls_per_second, "calls a second"),
        (limits.calls_per_minute, "calls a minute"),
        (limits.characters_per_minute, "characters a minute"),
    )
    return ", ".join(f"{number(limit)} {words}" for limit, words in parts if limit) or "no limit"


def number(value: float) -> str:
    """`10`, `0.5`, `250,000`: nothing is rounded away."""
    return f"{value:,.10f}".rstrip("0").rstrip(".")


def figure(value: float | None, unit: str = "") -> str:
    """Two digits that count; `-` for what nobody knows yet."""
    if value is None:
        return "-"
    return (f"{value:,.0f}" if value >= 10 else f"{value:.2g}") + unit


def last_trouble(report: ServerReport) -> str:
    """`HTTP 503, 2 min ago`; `-` when there was none."""
    told = report.state.last_trouble
    return f"{told.words}, {_length(report.now - told.at)} ago" if told else "-"


def _length(seconds: float) -> str:
    for size, unit in _LONG:
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(seconds, 0.0):.0f} s"
