"""Line charts as values that a template draws: one axis, lines labelled at their ends. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

WIDTH, HEIGHT = 320, 160
LEFT, RIGHT, TOP, BOTTOM = 44, 244, 10, 136
"""The plot inside the picture; labels of lines stand to the right of it, times below."""
_LABEL_ROOM = 14
"""The least distance between two labels, in the picture's units."""

Say = Callable[[float], str]
"""A value as people read it."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line. None is a stretch of time of which nothing is known: the line has a gap there."""

    label: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    place: float
    label: str
    at: datetime | None = None
    """The moment that it marks; the script shows it in the reader's own time."""


@dataclass(frozen=True, slots=True)
class Line:
    """A series as it is drawn. `path` is the d of an SVG path; `label_y` where its label stands."""

    label: str
    path: str
    dots: tuple[tuple[float, float], ...]
    """Values with a gap on both sides, which no path would show."""
    label_y: float


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table that says the same as the picture."""

    at: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """All that the template needs. `summary` is one sentence in place of the picture."""

    id: str
    title: str
    labels: tuple[str, ...]
    lines: tuple[Line, ...]
    y_ticks: tuple[Tick, ...]
    x_ticks: tuple[Tick, ...]
    rows: tuple[Row, ...]
    summary: str


def chart(
    key: str, title: str, starts: Sequence[datetime], series: Sequence[Series], say: Say, least: float = 0.0
) -> Chart:
    """A chart of values by time; every series has one value for each of `starts`, oldest first.

    The axis reaches to `least` at least, so that next to nothing does not look like much.
    """
    top = nice_top([least, *(value for line in series for value in line.values if value is not None)])
    labels = tuple(line.label for line in series)
    return Chart(
        id=key,
        title=title,
        labels=labels,
        lines=_lines(series, top),
        y_ticks=tuple(Tick(_y(top * part / 2, top), say(top * part / 2)) for part in (0, 1, 2)),
        x_ticks=_x_ticks(starts),
        rows=tuple(_row(index, starts, series, say) for index in range(len(starts))),
        summary=_summary(title, series, say),
    )


def nice_top(values: Sequence[float]) -> float:
    """The end of an axis from 0: 1, 2, 4, 6 or 10 times a power of ten, so that its half is a plain number."""
    greatest = max(values, default=0.0)
    if greatest <= 0:
        return 1.0
    power: float = 10.0 ** math.floor(math.log10(greatest))
    return next(step * power for step in (1, 2, 4, 6, 10, 20) if greatest <= step * power)


def _lines(series: Sequence[Series], top: float) -> tuple[Line, ...]:
    points = [_points(line.values, top) for line in series]
    ends = [next((point[1] for point in reversed(line) if point), float(BOTTOM)) for line in points]
    return tuple(
        Line(one.label, _path(line), _lone(line), label_y)
        for one, line, label_y in zip(series, points, _apart(ends), strict=True)
    )


_Point = tuple[float, float] | None


def _points(values: Sequence[float | None], top: float) -> list[_Point]:
    step = (RIGHT - LEFT) / max(len(values) - 1, 1)
    return [
        None if value is None else (round(LEFT + index * step, 1), _y(value, top)) for index, value in enumerate(values)
    ]


def _y(value: float, top: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * min(value, top) / top, 1)


def _path(points: Sequence[_Point]) -> str:
    """`M44,10L64,20M90,30L...`: a gap lifts the pen."""
    parts = []
    before: _Point = None
    for point in points:
        if point is not None:
            parts.append(f"{'L' if before else 'M'}{point[0]:g},{point[1]:g}")
        before = point
    return "".join(parts)


def _lone(points: Sequence[_Point]) -> tuple[tuple[float, float], ...]:
    framed = [None, *points, None]
    return tuple(
        point
        for left, point, right in zip(framed, framed[1:], framed[2:], strict=False)
        if point and not left and not right
    )


def _apart(heights: Sequence[float]) -> list[float]:
    """The same heights, moved up where two would overlap; all of them stay inside the picture."""
    placed = [0.0] * len(heights)
    limit = float(BOTTOM)
    for index in sorted(range(len(heights)), key=lambda index: -heights[index]):
        placed[index] = min(heights[index], limit)
        limit = placed[index] - _LABEL_ROOM
    too_high = max(TOP - min(placed, default=TOP), 0.0)
    return [height + too_high for height in placed]


def _x_ticks(starts: Sequence[datetime]) -> tuple[Tick, ...]:
    if len(starts) < 2:
        return ()
    days = (starts[-1] - starts[0]).total_seconds() > 2 * 86400
    chosen = (0, (len(starts) - 1) // 2, len(starts) - 1)
    step = (RIGHT - LEFT) / (len(starts) - 1)
    return tuple(Tick(round(LEFT + index * step, 1), _time(starts[index], days), starts[index]) for index in chosen)


def _time(at: datetime, days: bool) -> str:
    at = at.astimezone(UTC)
    return f"{at:%a %-d %b}" if days else f"{at:%H:%M}"


def _row(index: int, starts: Sequence[datetime], series: Sequence[Series], say: Say) -> Row:
    at = f"{starts[index].astimezone(UTC):%-d %b %H:%M}"
    return Row(at, tuple(_said(line.values[index], say) for line in series))


def _said(value: float | None, say: Say) -> str:
    return "-" if value is None else say(value)


def _summary(title: str, series: Sequence[Series], say: Say) -> str:
    """`Waiting, premium: p50 now 4 s, at most 12 s; p95 ...`"""
    return f"{title}: {'; '.join(_in_words(line, say) for line in series)}."


def _in_words(line: Series, say: Say) -> str:
    known = [value for value in line.values if value is not None]
    if not known:
        return f"{line.label}, nothing is known"
    return f"{line.label} last {say(known[-1])}, at most {say(max(known))}"
