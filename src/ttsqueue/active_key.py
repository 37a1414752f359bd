"""When are two jobs the same job?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from ttsqueue.jobs import JobType


def active_key(user_id: str, work_id: str, job_type: JobType, chapter_ids: Iterable[str]) -> str:
    """Equal for a double click, different for another batch, a single chapter or a sample of the same work.

    Only one job of a key may be pending or processing at a time. Each chapter id is written with its length (in code
    points), so that no two lists look alike and SQL can compute the same key.
    """
    chapters = "".join([f"{len(chapter_id)}:{chapter_id}" for chapter_id in chapter_ids])
    return hashlib.sha256(f"{user_id} {work_id} {job_type.value} {chapters}".encode()).hexdigest()
