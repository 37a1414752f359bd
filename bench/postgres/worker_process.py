"""A worker of one side in a process of its own: says when a handler starts, until its input ends."""

from __future__ import annotations

import asyncio
import logging
import sys
import time

from bench.postgres.sides import SIDES


async def main(name: str, url: str, concurrency: int) -> None:
    said: list[str] = []

    def on_job(mark: str) -> None:
        if mark or not said:  # of jobs without a mark, the first
            said.append(mark)
            print(f"{time.perf_counter()} {mark}", flush=True)

    async with SIDES[name](url, is_new=False) as side:
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        async with side.worker(concurrency, on_job):
            await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
