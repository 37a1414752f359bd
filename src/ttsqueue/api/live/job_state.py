"""The newest state of a job, ready to be sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from ttsqueue.api.job_view import job_view
from ttsqueue.api.signing import AudioLinks
from ttsqueue.errors import JobNotFound
from ttsqueue.jobs import Job, JobStatus
from ttsqueue.queue import TTSQueue


@dataclass(frozen=True, slots=True)
class JobState:
    """One text for all who watch the job."""

    job_id: str
    job: Job | None
    """None when it has gone."""
    text: str
    """The message, as JSON."""

    @property
    def is_last(self) -> bool:
        return self.job is None or self.job.status.is_final

    @property
    def is_pending(self) -> bool:
        return self.job is not None and self.job.status is JobStatus.PENDING


async def read_state(queue: TTSQueue, links: AudioLinks, job_id: str) -> JobState:
    """A job that is not there is a state too. StoreError."""
    try:
        job = await queue.get_job(job_id)
        position = await queue.get_position(job_id) if job.status is JobStatus.PENDING else None
    except JobNotFound:
        return JobState(job_id, None, message({"type": "deleted", "jobId": job_id}))
    return JobState(job_id, job, message({"type": "job", "job": job_view(job, links), "position": position}))


def message(content: Mapping[str, object]) -> str:
    """On one line, which server-sent events need."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
