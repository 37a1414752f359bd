"""A process that publishes a large file, to be killed: python -m tests.storage.publisher URL FOLDER MEGABYTES"""

from __future__ import annotations

import asyncio
import resource
import sys
from pathlib import Path

from ttsqueue.storage.bucket import BucketStorage

from .files import CHAPTER


async def main(url: str, folder: Path, megabytes: int) -> None:
    storage = BucketStorage.at(url, folder)
    await storage.prepare()
    draft = storage.draft("m4a")
    with draft.open("wb") as file:
        file.truncate(megabytes * 2**20)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    await storage.publish(draft, CHAPTER)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    sys.stdout.write(f"{grown // 1024}\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
