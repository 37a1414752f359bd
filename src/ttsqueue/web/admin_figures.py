"""The queue in numbers and charts, from what the store counted. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ttsqueue.activity import Activity, ActivityBucket, Waiting
from ttsqueue.api.routes.admin import Span
from ttsqueue.listing import QueueStats
from ttsqueue.web.charts import Chart, Series, chart
from ttsqueue.web.wording import count, length

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

STEPS: Mapping[Span, tuple[timedelta, int]] = {
    Span.HOUR: (HOUR + timedelta(minutes=1), 61),
    Span.DAY: (DAY, 96),
    Span.WEEK: (timedelta(days=7), 84),
}
"""How far back a chart looks, in how many steps; the minute that runs now is not drawn."""

STEP_NAMES: Mapping[Span, str] = {Span.HOUR: "minute", Span.DAY: "15 min", Span.WEEK: "2 h"}

Tier = Callable[[ActivityBucket], Waiting]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. `of` says what it is measured over."""

    label: str
    value: str
    of: str = ""


def figures(stats: QueueStats, day: ActivityBucket, hour: ActivityBucket) -> tuple[Figure, ...]:
    """`day` and `hour` are the last 24 hours and the last hour as one step each."""
    return (
        Figure("Waiting", count(stats.pending - stats.delayed), "may start now"),
        Figure("Delayed", count(stats.delayed), "start later"),
        Figure("Speaking", count(stats.processing), "now"),
        Figure("Done today", count(day.completed), "last 24 hours"),
        Figure("Failed today", count(day.failed), "last 24 hours"),
        _wait("Premium wait", hour.premium),
        _wait("Free wait", hour.free),
        Figure("Characters per minute", compact(hour.characters / 60), "last hour"),
        Figure("Audio minutes per minute", compact(hour.audio_seconds / 60 / 60), "last hour"),
    )


def charts(activity: Activity, span: Span) -> tuple[Chart, ...]:
    """Small multiples with one axis each, all over the same time."""
    steps = activity.buckets[:-1] if span is Span.HOUR else activity.buckets
    minutes = activity.width / timedelta(minutes=1)
    failures = f"Books failed, by {STEP_NAMES[span]}"
    return (
        _rates("jobs", "Books done per minute", "books", steps, lambda step: step.completed / minutes),
        _rates("characters", "Characters per minute", "characters", steps, lambda step: step.characters / minutes),
        _rates("audio", "Audio minutes per minute", "minutes", steps, lambda step: step.audio_seconds / 60 / minutes),
        _waits("premium", "Waiting time, premium", steps, lambda step: step.premium),
        _waits("free", "Waiting time, free", steps, lambda step: step.free),
        _rates("failures", failures, "failed", steps, lambda step: step.failed, least=2.0),
    )


def compact(number: float) -> str:
    """Three digits at most: `0.025`, `12.5`, `950`, `12.4k`, `1.2M`."""
    for limit, divisor, unit in ((1e6, 1e6, "M"), (1e4, 1e3, "k")):
        if number >= limit * 0.9995:
            return f"{number / divisor:.3g}{unit}"
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def _wait(label: str, waiting: Waiting) -> Figure:
    if waiting.p50 is None or waiting.p95 is None:
        return Figure(label, "-", "nobody started in the last hour")
    return Figure(label, length(waiting.p50), f"p50 of the last hour; p95 {length(waiting.p95)}")


def _rates(
    key: str,
    title: str,
    label: str,
    steps: Sequence[ActivityBucket],
    rate: Callable[[ActivityBucket], float],
    least: float = 0.0,
) -> Chart:
    line = Series(label, tuple(rate(step) for step in steps))
    return chart(key, title, [step.start for step in steps], [line], compact, least)


def _waits(key: str, title: str, steps: Sequence[ActivityBucket], tier: Tier) -> Chart:
    seconds, unit = _unit(max((tier(step).p95 or 0.0 for step in steps), default=0.0))
    lines = [
        Series("p50", tuple(_in(seconds, tier(step).p50) for step in steps)),
        Series("p95", tuple(_in(seconds, tier(step).p95) for step in steps)),
    ]
    return chart(key, title, [step.start for step in steps], lines, lambda value: f"{compact(value)} {unit}", least=1.0)


def _unit(longest: float) -> tuple[float, str]:
    """In which the marks of an axis are plain numbers; seconds in, seconds of the unit out."""
    if longest >= 2 * 3600:
        return 3600.0, "h"
    return (60.0, "min") if longest >= 2 * 60 else (1.0, "s")


def _in(unit: float, seconds: float | None) -> float | None:
    return None if seconds is None else seconds / unit
