"""`ttsqueue retry`: try books again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ttsqueue.cli.each_job import for_each_job
from ttsqueue.cli.options import as_json, job_arguments
from ttsqueue.cli.output import print_json, say
from ttsqueue.contract import job_to_json

if TYPE_CHECKING:
    from ttsqueue.app import App


@click.command()
@job_arguments
@as_json
def retry(job_ids: tuple[str, ...], as_json: bool) -> None:
    """Try failed or cancelled books again. No finished chapter is spoken a second time."""

    async def retry_one(app: App, job_id: str) -> None:
        job = await app.queue.retry_job(job_id)
        if as_json:
            print_json(job_to_json(job))
        else:
            say(f"{job.title or job.id} is waiting again.")

    for_each_job(job_ids, retry_one)
