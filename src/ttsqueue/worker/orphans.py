"""Files of a job that nobody points at: left by attempts that were killed between publishing and recording."""

from __future__ import annotations

import re

from ttsqueue.jobs import Lease
from ttsqueue.result import JobResult
from ttsqueue.storage import LocalStorage

_MADE_UNDER_A_LEASE = re.compile(r"\.(?:c\d+|book)-(?P<token>\d+)\.")


def remove_orphans(storage: LocalStorage, lease: Lease, result: JobResult) -> None:
    """Only what earlier leases made: if this one is lost by now, the next worker's files are not ours to judge."""
    wanted = {*result.audio_file_ids, result.audiobook_file_id}
    for file_id in tuple(storage.files_of(lease.job_id)):
        made = _MADE_UNDER_A_LEASE.search(file_id)
        if made and int(made["token"]) < lease.token and file_id not in wanted:
            storage.delete(file_id)
