"""A worker process whose handler only says that it was there: a line per job in the file `done` of the data folder."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import timedelta
from pathlib import Path

from ttsqueue.jobs import ClaimedJob
from ttsqueue.result import JobResult
from ttsqueue.worker import run_worker

from .at_work import opened, options
from .samples import DONE


def _say_ready(name: str) -> None:
    sys.stderr.write(f"{name} is ready\n")
    sys.stderr.flush()


async def main(data: Path, name: str, slots: int, pause: float) -> None:
    handled = os.open(data / "done", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def handler(job: ClaimedJob) -> JobResult:
        await asyncio.sleep(pause)
        os.write(handled, f"{job.id} {job.lease.token}\n".encode())
        return DONE

    async with opened(data / "ttsqueue.db") as queue:
        chosen = options(name=name, slots=slots, poll_interval=timedelta(seconds=60))
        await run_worker(queue, handler, chosen, _say_ready)


if __name__ == "__main__":
    env = os.environ
    asyncio.run(
        main(Path(env["TTSQUEUE_DATA"]), env["WORKER_ID"], int(env.get("SLOTS", "1")), float(env.get("PAUSE", "0")))
    )
