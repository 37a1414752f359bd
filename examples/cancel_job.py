"""Stop a book. `python cancel_job.py JOB_ID`"""

import asyncio
import sys

from ttsqueue import open_queue


async def main(job_id: str) -> None:
    async with open_queue() as queue:
        job = await queue.cancel_job(job_id)
        print(f"Job {job.id} is {job.status}")


asyncio.run(main(sys.argv[1]))
