"""The numbers an operator wants, and jobs that got stuck put back."""

import asyncio

from ttsqueue import open_queue


async def main() -> None:
    async with open_queue() as queue:
        stats = await queue.get_queue_stats()
        print(f"pending {stats.pending}, processing {stats.processing}")
        print(f"completed {stats.completed}, failed {stats.failed}")

        for job in await queue.get_user_jobs("all", 20):
            print(job.id, job.status, f"{job.progress_percent} %")

        reset_count = await queue.reset_stuck_jobs()
        print(f"{reset_count} stuck jobs reset")


asyncio.run(main())
