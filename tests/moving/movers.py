"""Movers of tests, here and in processes of their own, to be killed."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from datetime import timedelta
from pathlib import Path

from tests.conformance.store import STORES, Store
from ttsqueue.mover import Mover
from ttsqueue.moving import MovingJob
from ttsqueue.provider import QueueProvider
from ttsqueue.side import Side

ROOT = Path(__file__).resolve().parents[2]
HALF_AN_HOUR = timedelta(minutes=30)


class Watched:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.sentences: list[str] = []

    async def moved(self, moving: MovingJob) -> None:
        self.ids.append(moving.job.id)

    def waiting(self, sentence: str) -> None:
        self.sentences.append(sentence)


async def prepared(
    source: QueueProvider, target: QueueProvider, watched: Watched | None = None, patience: float = 5.0
) -> Mover:
    sides = Side(source, "the old store"), Side(target, "the new store")
    mover = Mover(*sides, watched or Watched(), HALF_AN_HOUR, patience)
    await mover.prepare()
    return mover


async def mover_process(stores: tuple[Store, Store]) -> Process:
    """One that has begun."""
    source, target = stores
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", "-m", __name__),
        *(source.kind.name, source.url, target.kind.name, target.url),
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])},
        stdin=DEVNULL,
        stdout=PIPE,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    return process


async def _main(source_kind: str, source_url: str, target_kind: str, target_url: str) -> None:
    source, target = Store(STORES[source_kind], source_url), Store(STORES[target_kind], target_url)
    async with source.opened() as here, target.opened() as there:
        mover = await prepared(here, there)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await mover.run()


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
