"""A process that works on sound, as seen from the worker: it may be slow or crash without harm."""

from __future__ import annotations

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import cast

from ttsqueue.audio.framing import HEADER, Kind, header, parse_header
from ttsqueue.errors import AudioError

_PATIENCE = 2.0  # seconds that a child gets to end by itself


class Child:
    """One running child. Every failure of the process itself is an AudioError."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._orders = cast("asyncio.StreamWriter", process.stdin)
        self._answers = cast("asyncio.StreamReader", process.stdout)

    @classmethod
    async def start(cls, module: str) -> Child:
        """Start `python -m ttsqueue.audio.<module>` without our environment and its secrets."""
        source = Path(__file__).parents[2]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # a file in the current folder is no module of ours
            "-m",
            f"ttsqueue.audio.{module}",
            stdin=PIPE,
            stdout=PIPE,
            env={"PYTHONPATH": str(source), "PYTHONUTF8": "1"},
            start_new_session=True,  # Ctrl-C is for the worker, which then ends this child
        )
        return cls(process)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def send(self, kind: Kind, payload: bytes | bytearray = b"") -> None:
        try:
            self._orders.write(header(kind, payload))
            self._orders.write(payload)
            await self._orders.drain()
        except ConnectionError:
            raise await self._death() from None

    async def receive(self) -> tuple[Kind, bytes]:
        """The next answer. A FAILED one raises its sentence."""
        try:
            kind, length = parse_header(await self._answers.readexactly(HEADER.size))
            payload = await self._answers.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError):
            raise await self._death() from None
        if kind is Kind.FAILED:
            raise AudioError(payload.decode())
        return kind, payload

    async def kill(self) -> None:
        """Stop it in the middle of whatever it does."""
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._gone()

    async def close(self) -> None:
        """Let it end by itself."""
        self._orders.close()
        try:
            await asyncio.wait_for(self._process.wait(), _PATIENCE)
        except TimeoutError:
            await self.kill()

    async def _gone(self) -> None:
        self._orders.close()
        await self._process.wait()

    async def _death(self) -> AudioError:
        await self.close()
        code = self._process.returncode or 0
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return AudioError(f"The process that works on the sound ended unexpectedly ({how}); try again.")
