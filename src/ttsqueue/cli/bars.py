"""Progress in a terminal: one bar for each book."""

from __future__ import annotations

import sys
from typing import Self

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Column
from rich.text import Text

from ttsqueue.cli.wording import printable, what_happens
from ttsqueue.jobs import Job


class Bars:
    """Title, bar, percent, and what is happening."""

    def __init__(self) -> None:
        self._bars: dict[str, TaskID] = {}
        self._progress = Progress(
            TextColumn("{task.fields[title]}", markup=False, table_column=_elastic(2, 16)),
            BarColumn(bar_width=None, table_column=_elastic(1, 6)),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis")),
            console=Console(stderr=True, highlight=False),
            expand=True,
            # Results may go to a file; rich would send them here.
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    async def show(self, job: Job) -> None:
        self._draw(job, what_happens(job))

    def waiting(self, job: Job, sentence: str) -> None:
        self._draw(job, sentence)

    def say(self, line: str) -> None:
        if sys.stdout.isatty():
            self._print(line)
        else:
            click.echo(printable(line))

    def complain(self, line: str) -> None:
        self._print(line)

    def _print(self, line: str) -> None:
        self._progress.console.print(Text(printable(line)), soft_wrap=True)

    def _draw(self, job: Job, sentence: str) -> None:
        if job.id not in self._bars:
            self._bars[job.id] = self._progress.add_task("", total=100, title=printable(job.title))
        self._progress.update(self._bars[job.id], completed=job.progress_percent, description=printable(sentence))


def _elastic(ratio: int, min_width: int) -> Column:
    return Column(ratio=ratio, min_width=min_width, no_wrap=True, overflow="ellipsis")
