"""Workers as processes of their own, to be killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
import time
from asyncio import create_subprocess_exec
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
CLI = ("-m", "ttsqueue.cli", "work")
TINY = ("-m", f"{__package__}.tiny_worker")


@dataclass
class WorkerProcess:
    """A worker in a process of its own, and everything that it started."""

    process: Process
    name: str

    @property
    def pid(self) -> int:
        return self.process.pid

    def children(self, program: str = "") -> list[psutil.Process]:
        """Its children, or those that run a certain file."""
        try:
            found = psutil.Process(self.pid).children(recursive=True)
            return [child for child in found if any(program in part for part in child.cmdline())]
        except psutil.NoSuchProcess:
            return []

    async def kill(self) -> None:
        """kill -9 the worker and its children."""
        children = self.children()
        if self.process.returncode is None:
            self.process.kill()
        for child in children:
            _kill(child)
        await self.process.wait()

    @asynccontextmanager
    async def frozen(self, store: Path) -> AsyncIterator[None]:
        """Stopped until the block ends; never while it holds the write lock, for which everybody would wait."""
        while True:
            os.kill(self.pid, signal.SIGSTOP)
            try:
                os.waitid(os.P_PID, self.pid, os.WSTOPPED)
                if _is_unlocked(store):
                    yield
                    return
            finally:
                os.kill(self.pid, signal.SIGCONT)
            await asyncio.sleep(0.01)

    async def terminate(self) -> float:
        """SIGTERM; returns the seconds until it was gone."""
        begin = time.monotonic()
        self.process.terminate()
        await self.process.wait()
        return time.monotonic() - begin

    def kill_child(self, program: str) -> bool:
        """kill -9 one child that runs this file, if there is one."""
        children = self.children(program)
        for child in children[:1]:
            _kill(child)
        return bool(children)


def _is_unlocked(store: Path) -> bool:
    """Whether somebody could write now. Waits a little, for those who hold the lock and are not stopped."""
    with closing(sqlite3.connect(store, timeout=0.2, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        connection.execute("ROLLBACK")
        return True


def _kill(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):
        process.kill()


@asynccontextmanager
async def worker_process(data: Path, name: str = "worker-1", *program: str, **env: str) -> AsyncIterator[WorkerProcess]:
    """A worker on the store in this data folder; it is killed at the end of the block, if it still lives."""
    worker = await start_worker(data, name, *program, **env)
    try:
        yield worker
    finally:
        await worker.kill()


async def start_worker(data: Path, name: str = "worker-1", *program: str, **env: str) -> WorkerProcess:
    """The same, to be killed by the caller. It is ready when this returns."""
    settings = {"TTSQUEUE_DATA": str(data), "WORKER_ID": name, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    process = await create_subprocess_exec(
        *(sys.executable, *(program or CLI)),
        env={**os.environ, **settings, **env},
        cwd=data,
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=PIPE,
    )
    return WorkerProcess(process, await _ready(process))


async def _ready(process: Process) -> str:
    """Wait until it says so; returns its name. Its further lines are not read: keep them few."""
    assert process.stderr is not None
    lines = []
    while line := await process.stderr.readline():
        lines.append(line.decode())
        if line.rstrip().endswith(b"is ready"):
            return line.split()[-3].decode()
    raise AssertionError("the worker did not start:\n" + "".join(lines))
