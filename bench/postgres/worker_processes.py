"""Worker processes: started together, and told to begin when all are ready."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench.postgres import graphile_side


class Hand:
    """One worker process."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def line(self) -> str:
        assert self._process.stdout is not None
        async with asyncio.timeout(60):
            return (await self._process.stdout.readline()).decode().strip()

    async def begin(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(b"go\n")
        await self._process.stdin.drain()

    async def begun(self) -> tuple[float, str]:
        """When the next handler that speaks started, by time.perf_counter(), and its mark."""
        when, _, mark = (await self.line()).partition(" ")
        return float(when), mark

    async def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), 20)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def hands(number: int, side: str, url: str, concurrency: int) -> AsyncIterator[list[Hand]]:
    """So many processes, ready to begin."""
    command = graphile_side.worker_command(side) or (sys.executable, "-m", "bench.postgres.worker_process", side)
    started = [
        Hand(await asyncio.create_subprocess_exec(*command, url, str(concurrency), stdin=PIPE, stdout=PIPE))
        for _ in range(number)
    ]
    try:
        for hand in started:
            assert await hand.line() == "ready"
        yield started
    finally:
        await asyncio.gather(*(hand.end() for hand in started))
