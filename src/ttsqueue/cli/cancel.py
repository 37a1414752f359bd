"""`ttsqueue cancel`: stop books."""

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
def cancel(job_ids: tuple[str, ...], as_json: bool) -> None:
    """Stop books that wait or are being spoken. Finished chapters are kept."""

    async def cancel_one(app: App, job_id: str) -> None:
        job = await app.queue.cancel_job(job_id)
        if as_json:
            print_json(job_to_json(job))
        else:
            say(f"{job.title or job.id} is cancelled. To go on with it: ttsqueue retry {job.id}")

    for_each_job(job_ids, cancel_one)
