"""graphile-worker, in Node: `npm install` in bench/postgres brings it."""

from __future__ import annotations

import asyncio
import json
import shutil
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

from bench.postgres.side import TEXT, OnJob

HERE = Path(__file__).parent
_PROGRAM = str(HERE / "graphile.mjs")


def is_installed() -> bool:
    return shutil.which("node") is not None and (HERE / "node_modules" / "graphile-worker").is_dir()


def worker_command(side: str) -> tuple[str, ...] | None:
    """For those sides that are graphile's."""
    kinds = {"graphile": "work", "graphile tuned": "work-tuned"}
    return ("node", _PROGRAM, kinds[side]) if side in kinds else None


class Graphile:
    """It adds in a Node process, and measures there what adding takes."""

    name = "graphile"
    unfinished = "SELECT count(*) FROM graphile_worker._private_jobs"

    def __init__(self, process: Process) -> None:
        self._process = process

    async def add(self, mark: str) -> float:
        return float((await self._ask(do="add", mark=mark))["began"])

    async def add_text(self, text: str) -> None:
        await self._ask(do="add", mark="", text=text)

    async def add_many(self, number: int) -> None:
        await self._ask(do="many", number=number, size=number)

    async def adding(self, number: int, callers: int) -> float:
        return number / float((await self._ask(do="each", number=number, callers=callers))["seconds"])

    async def adding_many(self, number: int, size: int) -> float:
        return number / float((await self._ask(do="many", number=number, size=size))["seconds"])

    def worker(self, concurrency: int, on_job: OnJob) -> AbstractAsyncContextManager[None]:
        raise NotImplementedError("It works in processes of its own.")

    async def _ask(self, **question: object) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"text": TEXT} | question).encode() + b"\n")
        await self._process.stdin.drain()
        answer: dict[str, Any] = json.loads(await self._process.stdout.readline())
        return answer


@asynccontextmanager
async def opened(url: str, *, is_new: bool = True) -> AsyncIterator[Graphile]:  # noqa: ARG001 - it sees by itself
    process = await asyncio.create_subprocess_exec("node", _PROGRAM, "add", url, stdin=PIPE, stdout=PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert (await process.stdout.readline()).strip() == b"ready"
        yield Graphile(process)
    finally:
        process.stdin.close()
        await process.wait()


opened_tuned = opened
"""Only its workers differ."""
