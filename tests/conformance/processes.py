"""Child processes that work on the store of a test."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from .store import Store

PACKAGE = __package__ or ""
ROOT = Path(__file__).resolve().parents[PACKAGE.count(".") + 1]


class Child:
    """A process of its own with its own handle on the store."""

    def __init__(self, process: Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.process = process
        self._to, self._from = process.stdin, process.stdout

    async def start(self, verb: str, **arguments: Any) -> None:
        """Let it begin and go on at once."""
        self._to.write(json.dumps([verb, arguments]).encode() + b"\n")
        await self._to.drain()

    async def answer(self) -> Any:
        """The next line that it says; None is also what a dead child says."""
        line = await self._from.readline()
        return json.loads(line) if line.endswith(b"\n") else None

    async def ask(self, verb: str, **arguments: Any) -> Any:
        """Let it do something and wait until it is done."""
        await self.start(verb, **arguments)
        return await self.answer()

    async def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        await self.process.wait()

    async def leave(self) -> None:
        if self.process.returncode is None:
            self._to.close()
        assert await self.process.wait() in (0, -9)


@asynccontextmanager
async def child_on(store: Store) -> AsyncIterator[Child]:
    """A child that has the store open."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", "-m", f"{PACKAGE}.child", store.kind.name, store.url),
        stdin=PIPE,
        stdout=PIPE,
        limit=2**24,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])},
    )
    child = Child(process)
    try:
        assert await child.answer() == "ready"
        yield child
        await child.leave()
    finally:
        if process.returncode is None:
            await child.kill()


@asynccontextmanager
async def children_on(store: Store, number: int) -> AsyncIterator[list[Child]]:
    async with AsyncExitStack() as stack:
        yield await asyncio.gather(*(stack.enter_async_context(child_on(store)) for _ in range(number)))
