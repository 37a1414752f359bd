"""A worker process that only claims, and says when."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from ttsqueue.providers.sqlite import SqliteProvider


async def main(path: Path, number: int) -> None:
    provider = SqliteProvider(path)
    await provider.open()
    await provider.wait_for_work(0.001)
    print("ready", flush=True)
    while number:
        for claim in await provider.claim("picker"):
            print(claim.job.id, time.monotonic(), flush=True)
            number -= 1
        if number:
            await provider.wait_for_work(5)
    await provider.aclose()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
