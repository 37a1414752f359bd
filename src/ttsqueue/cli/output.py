"""What commands print on stdout: lines, tables, JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click

from ttsqueue.cli.terminal import is_lively
from ttsqueue.cli.wording import printable


def say(line: str) -> None:
    """One line for a person."""
    click.echo(printable(line))


def print_json(value: Any) -> None:
    """One line of JSON, in ASCII: it survives every terminal and every pipe."""
    click.echo(json.dumps(value))


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A plain table as wide as the terminal; in a pipe, as wide as it needs to be."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, color_system="auto" if is_lively(sys.stdout) else None)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        right = heading.startswith(">")
        table.add_column(heading.lstrip(">"), justify="right" if right else "left", overflow="ellipsis", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    if not sys.stdout.isatty():
        console.width = max(console.measure(table).maximum, 1)
    console.print(table)
