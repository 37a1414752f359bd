"""When are two jobs the same job?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from ttsqueue.jobs import JobType


def active_key(user_id: str, work_id: str, job_type: JobType, chapter_ids: Iterable[str]) -> str:
    """Equal for a double click, different for another batch, a single chapter or a sample of the same work.

    Only one job of a key may be pending or processing at a time.
    """
    parts = json.dumps([user_id, work_id, job_type.value, list(chapter_ids)])
    return hashlib.sha256(parts.encode()).hexdigest()
