"""Claim, speak and finish one job by hand, telling errors apart."""

import asyncio

from ttsqueue import ClaimedJob, JobResult, TTSQueue, open_queue
from ttsqueue.errors import EngineError


async def generate_tts(text: str) -> str:
    """Stands for your speech service; returns the id of a sound file."""
    if "too fast" in text:
        raise EngineError("Too many requests.", code="RATE_LIMIT")
    if "unspeakable" in text:
        raise EngineError("The text was refused.", code="REFUSED")
    return f"sound-of-{len(text)}-characters"


async def speak(queue: TTSQueue, job: ClaimedJob) -> None:
    try:
        files = [await generate_tts(chapter.text) for chapter in job.chapters]
    except EngineError as error:
        if error.code == "RATE_LIMIT":
            # Retry with delay
            await queue.fail_job(job.id, str(error), True)
        else:
            # Don't retry
            await queue.fail_job(job.id, str(error), False)
        return
    result = JobResult(audio_file_ids=tuple(files), total_duration=1.0)
    await queue.complete_job(job.id, result)
    print(f"Job {job.id} completed: {len(result.audio_file_ids)} files")


async def main() -> None:
    async with open_queue() as queue:
        job = await queue.claim_next_job("worker-1")
        if job is None:
            print("Nothing to do")
            return
        await speak(queue, job)
        print((await queue.get_job(job.id)).status)


asyncio.run(main())
