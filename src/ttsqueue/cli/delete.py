"""`ttsqueue delete`: forget books and remove their sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ttsqueue.cli.each_job import for_each_job
from ttsqueue.cli.options import as_json, job_arguments
from ttsqueue.cli.output import print_json, say
from ttsqueue.removal import remove_job

if TYPE_CHECKING:
    from ttsqueue.app import App


@click.command()
@job_arguments
@as_json
def delete(job_ids: tuple[str, ...], as_json: bool) -> None:
    """Forget books that have ended, and their sound.

    It is removed from the data folder or the object store; files that were delivered elsewhere stay.
    """

    async def delete_one(app: App, job_id: str) -> None:
        job = await remove_job(app.queue, app.storage, job_id)
        if as_json:
            print_json({"jobId": job.id, "deleted": True})
        else:
            say(f"{job.title or job.id} is deleted.")

    for_each_job(job_ids, delete_one)
