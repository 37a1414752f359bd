"""In your upload or publish API: queue a book."""

import asyncio
from uuid import uuid4

from ttsqueue import Chapter, JobType, NewJob, VoiceSettings, get_priority_for_user, open_queue


async def main() -> None:
    async with open_queue() as queue:
        job_id = await queue.add_job(
            NewJob(
                work_id=str(uuid4()),
                user_id=str(uuid4()),
                job_type=JobType.FULL_BOOK,
                chapters=(
                    Chapter(chapter_id="ch1", text="It was a quiet morning.", title="Chapter 1"),
                    Chapter(chapter_id="ch2", text="It did not stay quiet.", title="Chapter 2"),
                ),
                voice_settings=VoiceSettings(voice_id="default", speed=1.0),
            ),
            get_priority_for_user(is_premium=True),  # 1-3 for premium, 5-10 for free
        )
        print(f"Job queued: {job_id}")


asyncio.run(main())
