"""How is my book doing? `python check_status.py JOB_ID`"""

import asyncio
import sys

from ttsqueue import open_queue


async def main(job_id: str) -> None:
    async with open_queue() as queue:
        job = await queue.get_job(job_id)
        print(job.status)  # pending, processing, completed, failed, cancelled
        print(job.progress_percent)  # 0-100
        print(job.progress_message)  # "Processing chapter 3 of 15"

        for other in await queue.get_user_jobs(job.user_id):
            print(other.id, other.status)


asyncio.run(main(sys.argv[1]))
