"""Many jobs at once for stores whose lane puts into one group what is added at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from ttsqueue.errors import DuplicateJob, InvalidJob, TTSQueueError
from ttsqueue.jobs import Job, NewJob


async def added_side_by_side(
    add: Callable[[NewJob], Awaitable[Job]], jobs: Sequence[NewJob]
) -> list[str | TTSQueueError]:
    """What became of each: its id, or why it was refused."""

    async def outcome(job: NewJob) -> str | TTSQueueError:
        try:
            return (await add(job)).id
        except (DuplicateJob, InvalidJob) as refusal:
            return refusal

    return await asyncio.gather(*map(outcome, jobs))
