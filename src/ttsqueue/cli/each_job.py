"""Doing the same to several jobs: one that refuses does not keep the others from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

import click

from ttsqueue.cli.failure import FAILED, complain
from ttsqueue.cli.session import with_app
from ttsqueue.errors import TTSQueueError

if TYPE_CHECKING:
    from ttsqueue.app import App

Act = Callable[["App", str], Awaitable[None]]


def for_each_job(job_ids: Sequence[str], act: Act) -> None:
    """Act on every job; exit code 1 if any refused."""

    async def all_of_them(app: App) -> int:
        return sum([await _refused(app, job_id, act) for job_id in job_ids])

    if with_app(all_of_them):
        raise click.exceptions.Exit(FAILED)


async def _refused(app: App, job_id: str, act: Act) -> bool:
    try:
        await act(app, job_id)
    except TTSQueueError as error:
        complain(str(error))
        return True
    return False
