"""`ttsqueue list`: the books in the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ttsqueue.cli.options import as_json
from ttsqueue.cli.output import print_json, print_table, say
from ttsqueue.cli.session import with_app
from ttsqueue.contract import job_to_json
from ttsqueue.jobs import Job, JobStatus
from ttsqueue.listing import JobFilter

if TYPE_CHECKING:
    from ttsqueue.app import App

PAGE = 200


@click.command("list")
@click.option(
    "--status",
    "statuses",
    metavar="STATUS",
    multiple=True,
    type=click.Choice([status.value for status in JobStatus]),
    help="pending, processing, completed, failed or cancelled; may be given several times.",
)
@click.option(
    "--limit",
    metavar="NUMBER",
    default=20,
    show_default=True,
    type=click.IntRange(min=1),
    help="How many, newest first.",
)
@click.option("--all", "everything", is_flag=True, help="No limit.")
@as_json
def list_jobs(statuses: tuple[str, ...], limit: int, everything: bool, as_json: bool) -> None:
    """List the books in the queue, newest first."""
    which = JobFilter(statuses=frozenset(map(JobStatus, statuses)) or None)
    jobs = with_app(lambda app: _jobs(app, which, None if everything else limit))
    if as_json:
        print_json({"jobs": [job_to_json(job) for job in jobs]})
    elif jobs:
        print_table(("JOB", "STATUS", ">%", "TITLE"), map(_row, jobs))
    else:
        say("No books." if statuses else "No books yet. Add one with: ttsqueue add BOOK")


async def _jobs(app: App, which: JobFilter, limit: int | None) -> list[Job]:
    jobs: list[Job] = []
    cursor: str | None = None
    while limit is None or len(jobs) < limit:
        page = await app.queue.list_jobs(which, PAGE if limit is None else min(PAGE, limit - len(jobs)), cursor)
        jobs += page.jobs
        cursor = page.next_cursor
        if cursor is None:
            break
    return jobs


def _row(job: Job) -> tuple[str, ...]:
    return job.id, job.status.value, str(job.progress_percent), job.title
