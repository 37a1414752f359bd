"""What commands print on stdout: lines, tables, JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click

from ttsqueue.cli.terminal import is_lively
from ttsqueue.cli.wording import printable

ENDLESS = 10_000
"""Columns of something that is no terminal."""


def say(line: str) -> None:
    """One line for a person."""
    click.echo(printable(line))


def print_json(value: Any) -> None:
    """One line of JSON, in ASCII: it survives every terminal and every pipe."""
    click.echo(json.dumps(value))


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A plain table. Only its last column gives way to a narrow terminal, and in a pipe none does.

    A heading that begins with `>` stands above numbers.
    """
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    cells = [[printable(cell) for cell in row] for row in rows]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, heading in enumerate(headings):
        table.add_column(
            heading.lstrip(">"),
            justify="right" if heading.startswith(">") else "left",
            min_width=None if heading == headings[-1] else max((cell_len(row[place]) for row in cells), default=None),
            no_wrap=True,
            overflow="ellipsis",
        )
    for row in cells:
        table.add_row(*map(Text, row))
    width = None if sys.stdout.isatty() else ENDLESS
    Console(width=width, highlight=False, color_system="auto" if is_lively(sys.stdout) else None).print(table)
