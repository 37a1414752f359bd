"""Progress in a pipe or a log: one line for each chapter that has been spoken."""

from __future__ import annotations

from typing import Self

import click

from ttsqueue.cli.failure import complain
from ttsqueue.cli.output import say
from ttsqueue.cli.wording import counted, length, printable
from ttsqueue.jobs import Job
from ttsqueue.queue import TTSQueue
from ttsqueue.records import ChapterRecord


class Lines:
    """Remembers what it told, so that nothing is told twice."""

    def __init__(self, queue: TTSQueue) -> None:
        self._queue = queue
        self._told: dict[str, set[int]] = {}
        self._waiting: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    async def show(self, job: Job) -> None:
        finished = {
            record.index: record for record in await self._queue.get_chapters(job.id) if record.finished is not None
        }
        if job.id not in self._told:
            self._told[job.id] = set(finished)
            if finished and not job.status.is_final:
                _tell(f"{job.title}: {counted(len(finished), 'chapter')} of {job.total_chapters} are spoken already")
        for index in sorted(finished.keys() - self._told[job.id]):
            _tell(f"{job.title}: {_spoken(finished[index], job.total_chapters)}")
        self._told[job.id] |= finished.keys()

    def waiting(self, job: Job, sentence: str) -> None:
        if self._waiting.get(job.id) != sentence:
            self._waiting[job.id] = sentence
            _tell(f"{job.title}: {sentence}")

    def say(self, line: str) -> None:
        say(line)

    def complain(self, line: str) -> None:
        complain(line)


def _spoken(record: ChapterRecord, total: int) -> str:
    seconds = 0.0 if record.finished is None else record.finished.duration
    name = f", {record.title}," if record.title else ""
    return f"chapter {record.index + 1} of {total}{name} is spoken, {length(seconds)}"


def _tell(line: str) -> None:
    click.echo(printable(line), err=True)
