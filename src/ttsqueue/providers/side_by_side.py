"""Many jobs at once for stores whose lane puts into one group what is added at the same time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from ttsqueue.errors import DuplicateJob, InvalidJob, TTSQueueError
from ttsqueue.jobs import Job, NewJob
from ttsqueue.providers.portion import next_portion


async def added_side_by_side(
    add: Callable[[NewJob], Awaitable[Job]], jobs: Sequence[NewJob]
) -> list[str | TTSQueueError]:
    """What became of each: its id, or why it was refused."""

    async def outcome(job: NewJob) -> str | TTSQueueError:
        try:
            return (await add(job)).id
        except (DuplicateJob, InvalidJob) as refusal:
            return refusal

    outcomes: list[str | TTSQueueError] = []
    waiting = deque(jobs)
    while waiting:  # whatever else is to be written comes in between
        outcomes += await asyncio.gather(*map(outcome, next_portion(waiting, _length, len(jobs))))
    return outcomes


def _length(job: NewJob) -> int:
    return sum(len(chapter.text) for chapter in job.chapters)
