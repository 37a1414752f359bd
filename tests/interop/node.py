"""Real Node programs: those of docs/bullmq.md, and bull-board."""

from __future__ import annotations

import asyncio
import json
import os
import re
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "bullmq.md"


def program(name: str) -> str:
    """The program of this name on the page."""
    (found,) = re.findall(rf"```typescript\n// {re.escape(name)}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return str(found)


class Node:
    """A running program and what it says, line by line."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def line(self, seconds: float = 15) -> str:
        assert self._process.stdout is not None
        async with asyncio.timeout(seconds):
            return (await self._process.stdout.readline()).decode().strip()

    async def event(self, name: str) -> dict[str, Any]:
        """The next event of this name; others are passed over."""
        while True:
            said: dict[str, Any] = json.loads(await self.line())
            if said["event"] == name:
                return said


@asynccontextmanager
async def node(code: str, redis_url: str, **variables: str) -> AsyncIterator[Node]:
    """A module, run among the packages of package.json."""
    process = await asyncio.create_subprocess_exec(
        *("node", "--input-type=module", "--eval", code),
        stdout=PIPE,
        cwd=HERE,
        env={"PATH": os.environ["PATH"], "REDIS_URL": redis_url, **variables},
    )
    try:
        yield Node(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
