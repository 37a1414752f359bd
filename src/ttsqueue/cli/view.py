"""What a person sees while books are spoken."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from typing import Protocol, Self

from ttsqueue.cli.terminal import is_lively
from ttsqueue.jobs import Job
from ttsqueue.queue import TTSQueue


class View(AbstractContextManager["View"], Protocol):
    """Progress goes to stderr, results to stdout, so that a pipe gets results only."""

    def __enter__(self) -> Self: ...

    async def show(self, job: Job) -> None:
        """The newest state of a book."""

    def waiting(self, job: Job, sentence: str) -> None:
        """Why nothing happens to this book yet."""

    def say(self, line: str) -> None:
        """A result."""

    def complain(self, line: str) -> None:
        """Something went wrong."""


def make_view(queue: TTSQueue) -> View:
    """Bars where they can move, else lines."""
    if is_lively(sys.stderr):
        from ttsqueue.cli.bars import Bars

        return Bars()
    from ttsqueue.cli.lines import Lines

    return Lines(queue)
