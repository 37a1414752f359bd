"""A worker process on Redis whose handler only says that it was there: a line per job in the file `done`."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import timedelta
from pathlib import Path

from tests.worker.at_work import options
from tests.worker.samples import DONE
from ttsqueue.jobs import ClaimedJob
from ttsqueue.result import JobResult
from ttsqueue.worker import run_worker

from .at_work import opened


def _say_ready(name: str) -> None:
    sys.stderr.write(f"{name} is ready\n")
    sys.stderr.flush()


async def main(data: Path, url: str, name: str) -> None:
    handled = os.open(data / "done", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def handler(job: ClaimedJob) -> JobResult:
        await asyncio.sleep(0.03)
        os.write(handled, f"{job.id} {job.lease.token}\n".encode())
        return DONE

    async with opened(url) as queue:
        await run_worker(queue, handler, options(name=name, slots=4, poll_interval=timedelta(seconds=60)), _say_ready)


if __name__ == "__main__":
    asyncio.run(main(Path(os.environ["TTSQUEUE_DATA"]), os.environ["REDIS_URL"], os.environ["WORKER_ID"]))
