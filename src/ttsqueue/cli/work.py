"""`ttsqueue work`, also known as `tts-worker`: speaks books until it is stopped."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from typing import TYPE_CHECKING

import click

from ttsqueue.cli.failure import FAILED, PlainErrors
from ttsqueue.cli.interruption import Interruption, interruptible
from ttsqueue.cli.log import ProgramLog, log_to_stderr
from ttsqueue.cli.session import with_app

if TYPE_CHECKING:
    from ttsqueue.app import App

_log = logging.getLogger("ttsqueue")

COUNT = click.IntRange(1, 1000)


@click.command(cls=PlainErrors)
@click.option("--jobs", metavar="NUMBER", type=COUNT, help="Books side by side. Default: TTSQUEUE_JOBS, else 1.")
@click.option(
    "--chapters",
    metavar="NUMBER",
    type=COUNT,
    help="Chapters side by side. Default: TTSQUEUE_CHAPTERS, else one per core.",
)
@click.option(
    "--name",
    metavar="NAME",
    help="Name of this worker, unlike that of any other. Default: WORKER_ID, else the host's name.",
)
@click.option("--until-stdin-closes", is_flag=True, hidden=True)  # for 'speak': stop when it is no more
def work(jobs: int | None, chapters: int | None, name: str | None, until_stdin_closes: bool) -> None:
    """Speak the books in the queue until stopped.

    SIGTERM and Ctrl-C hand back what is being spoken, with its finished chapters; a second one ends at once.
    """
    from ttsqueue.settings import load_settings

    asked = {"TTSQUEUE_JOBS": jobs, "TTSQUEUE_CHAPTERS": chapters, "WORKER_ID": name}
    settings = load_settings({setting: value for setting, value in asked.items() if value is not None})
    _show_as_worker()
    log_to_stderr(ProgramLog())

    async def until_stopped(app: App) -> None:
        listen = _listen_to_stdin if until_stdin_closes else None
        if await interruptible(app.work(_tell_ready), FAILED, listen):
            _log.info("stopped; what was being spoken went back into the queue")

    with_app(until_stopped, settings)


tts_worker = work


def _tell_ready(name: str) -> None:
    _log.info("tts-worker %s is ready", name)


def _show_as_worker() -> None:
    from setproctitle import setproctitle

    setproctitle("tts-worker")


def _listen_to_stdin(interruption: Interruption) -> None:
    loop = asyncio.get_running_loop()
    stdin = sys.stdin.fileno()

    def heard() -> None:
        if not os.read(stdin, 4096):
            loop.remove_reader(stdin)
            interruption.insist()

    loop.add_reader(stdin, heard)
