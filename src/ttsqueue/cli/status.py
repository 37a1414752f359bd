"""`ttsqueue status`: what is happening to a book."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import click

from ttsqueue.cli.failure import FAILED
from ttsqueue.cli.options import as_json, job_argument
from ttsqueue.cli.output import print_json, say
from ttsqueue.cli.session import with_app
from ttsqueue.cli.wording import counted, waiting, what_happens
from ttsqueue.contract import Json, job_to_json
from ttsqueue.jobs import Job, JobStatus

if TYPE_CHECKING:
    from ttsqueue.app import App


@click.command()
@job_argument
@click.option("--follow", is_flag=True, help="Go on until the book is done; exit code 1 if it fails or is cancelled.")
@as_json
def status(job_id: str, follow: bool, as_json: bool) -> None:
    """Show what is happening to a book.

    With --follow --json: one JSON object per line for each change.
    """
    code = with_app(lambda app: _follow(app, job_id, as_json) if follow else _once(app, job_id, as_json))
    raise click.exceptions.Exit(code)


async def _once(app: App, job_id: str, as_json: bool) -> int:
    job = await app.queue.get_job(job_id)
    if as_json:
        print_json(job_to_json(job))
        return 0
    for line in (job.title or job.id, await _happening(app, job), await _facts(app, job)):
        say(line)
    return 0


async def _follow(app: App, job_id: str, as_json: bool) -> int:
    tell: Callable[[Any], None] = print_json if as_json else say
    told: Json | str = ""
    async with aclosing(app.queue.watch(job_id)) as states:
        async for job in states:
            now = job_to_json(job) if as_json else await _happening(app, job)
            if now != told:
                tell(now)
            told = now
    return 0 if job.status is JobStatus.COMPLETED else FAILED


async def _happening(app: App, job: Job) -> str:
    if job.status is JobStatus.PROCESSING:
        return f"{what_happens(job)} ({job.progress_percent} %)"
    position = await app.queue.get_position(job.id)
    if position is None or job.last_error:
        return what_happens(job)
    return waiting(position, await app.queue.is_paused())


async def _facts(app: App, job: Job) -> str:
    kept = sum(record.finished is not None for record in await app.queue.get_chapters(job.id))
    facts = [
        f"{kept} of {counted(job.total_chapters, 'chapter')} spoken",
        f"attempt {job.attempts} of {job.max_attempts}" if job.attempts else "",
        f"voice {job.voice_id}" if job.voice_id else "",
        f"added {job.created_at.astimezone():%Y-%m-%d %H:%M}",
    ]
    file_id = job.result.audiobook_file_id if job.result else None
    return ", ".join(fact for fact in facts if fact) + (
        f". Sound: {app.storage.whereabouts(file_id)}" if file_id else ""
    )
