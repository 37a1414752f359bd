"""Figures as lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median, quantiles


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under a header, columns aligned."""
    cells = [[str(cell) for cell in row] for row in [header, *rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    print(f"\n{title}")
    for number, row in enumerate(cells):
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if number == 0:
            print("  " + "  ".join("-" * width for width in widths))


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Median, then least and most."""
    return f"{median(values):,.{digits}f} [{min(values):,.{digits}f} - {max(values):,.{digits}f}]"


def percentile(values: Sequence[float], percent: int) -> float:
    """For at least two values."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> str:
    """Ours by theirs, pair by pair."""
    return spread([mine / other for mine, other in zip(ours, theirs, strict=True)])
