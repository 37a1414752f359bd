"""Files of a job that nobody points at."""

from __future__ import annotations

import re

from ttsqueue.errors import JobNotFound
from ttsqueue.jobs import Lease
from ttsqueue.result import JobResult
from ttsqueue.storage import Storage
from ttsqueue.worker.studio import Studio

_MADE_UNDER_A_LEASE = re.compile(r"\.(?:c\d+|book)-(?P<token>\d+)\.")


async def remove_orphans(storage: Storage, lease: Lease, result: JobResult) -> None:
    """Left by attempts that were killed between publishing and recording.

    Only what earlier leases made: if this one is lost by now, the next worker's files are not ours to judge.
    """
    wanted = {*result.audio_file_ids, result.audiobook_file_id}
    for file in await storage.files_of(lease.job_id):
        made = _MADE_UNDER_A_LEASE.search(file.id)
        if made and int(made["token"]) < lease.token and file.id not in wanted:
            await storage.delete(file.id)


async def remove_files_of_a_deleted_job(studio: Studio, job_id: str) -> None:
    """Left by an attempt that published a file after the job was deleted, with all that it had by then."""
    try:
        await studio.patience(lambda: studio.provider.get(job_id))
    except JobNotFound:
        await studio.storage.delete_job(job_id)
