"""Your own processing instead of ours: the handler gets a claimed job and returns what it made.

Heartbeats, retries, cancelling and stuck jobs are taken care of, whichever store is in use. Stop it with Ctrl-C.
"""

import asyncio
import contextlib

from ttsqueue import ClaimedJob, JobResult, open_queue
from ttsqueue.errors import EngineError, RateLimited


async def speak(text: str) -> float:
    """Stands for your speech service; returns seconds of sound."""
    if "too fast" in text:
        raise RateLimited("The speech service asked us to slow down.")
    if "unspeakable" in text:
        raise EngineError("The speech service refused the text.", code="REFUSED", retryable=False)
    await asyncio.sleep(0.01)
    return len(text) / 15


async def main() -> None:
    async with open_queue() as queue:

        async def handler(job: ClaimedJob) -> JobResult:
            seconds = 0.0
            for i, chapter in enumerate(job.chapters):  # every chapter, not every second
                seconds += await speak(chapter.text)
                await queue.update_progress(
                    job.id, progress_percent=round((i + 1) / len(job.chapters) * 100), current_chapter=i + 1
                )
            return JobResult(tuple(f"{job.id}-{chapter.chapter_id}" for chapter in job.chapters), seconds)

        await queue.start_worker(handler)


with contextlib.suppress(KeyboardInterrupt):
    asyncio.run(main())
