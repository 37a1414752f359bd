"""What a person sees while books move: a bar where it can move, else a line now and then."""

from __future__ import annotations

import sys
import time
from contextlib import AbstractContextManager
from typing import Protocol, Self

from ttsqueue.cli.failure import complain
from ttsqueue.cli.terminal import is_lively
from ttsqueue.cli.wording import counted, printable

EVERY = 5.0
"""Seconds between two lines."""


class MoveView(AbstractContextManager["MoveView"], Protocol):
    """Progress goes to stderr."""

    def __enter__(self) -> Self: ...

    def moved(self, number: int) -> None:
        """So many so far."""

    def waiting(self, sentence: str) -> None:
        """Why nothing happens."""


def make_move_view(total: int) -> MoveView:
    return MoveBar(total) if is_lively(sys.stderr) else MoveLines(total)


class MoveLines:
    """Says nothing twice."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._told_at = time.monotonic()
        self._waiting = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def moved(self, number: int) -> None:
        self._waiting = ""
        if time.monotonic() - self._told_at >= EVERY:
            self._told_at = time.monotonic()
            complain(f"{counted(number, 'book')} of {max(number, self._total):,} moved")

    def waiting(self, sentence: str) -> None:
        if sentence != self._waiting:
            self._waiting = sentence
            complain(sentence)


class MoveBar:
    def __init__(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self._progress = Progress(
            TextColumn("Moving"),
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            TextColumn("{task.description}", markup=False),
            console=Console(stderr=True, highlight=False),
            expand=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._total = total
        self._bar = self._progress.add_task("", total=total)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def moved(self, number: int) -> None:
        self._progress.update(self._bar, completed=number, total=max(number, self._total), description="")

    def waiting(self, sentence: str) -> None:
        self._progress.update(self._bar, description=printable(sentence))
