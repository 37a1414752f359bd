"""One child process that speaks, and the frames between it and us."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ttsqueue.engines import speaking_child
from ttsqueue.errors import EngineError, TextRefused

T = TypeVar("T")

_SOURCE = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Program:
    """What a child runs. `module` calls speaking_child.answer_requests."""

    engine: str
    module: str
    folder: Path
    """Where it runs."""
    arguments: tuple[str, ...] = ()
    needs_packages: bool = False
    """Whether it imports more than the standard library; without, it starts sooner."""
    silence: float = 30.0
    """Seconds without a frame after which it counts as hung."""


class SpeakingProcess:
    """A child that answers one request at a time. Raises EngineError when it dies, hangs or refuses."""

    def __init__(self, process: Process, program: Program) -> None:
        self._process = process
        self._program = program
        self.voice = ""
        """What it spoke with last, and may still hold in memory."""
        assert process.stdin is not None  # noqa: S101 - it is a PIPE
        assert process.stdout is not None  # noqa: S101 - so is this
        self._requests, self._answers = process.stdin, process.stdout

    @classmethod
    async def start(cls, program: Program) -> SpeakingProcess:
        """Without our environment and its secrets."""
        options = ("-P", "-s") if program.needs_packages else ("-P", "-s", "-S")
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, *options, "-m", program.module, *program.arguments),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                env={"PYTHONPATH": str(_SOURCE), "PYTHONUTF8": "1"},
                cwd=program.folder,
                start_new_session=True,
            )
        except OSError as error:
            raise EngineError(f"The {program.engine} process cannot be started: {error}.") from error
        return cls(process, program)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.returncode is None and not self._answers.at_eof()

    async def ask(self, request: Mapping[str, object]) -> Any:
        """What it tells, as it came from JSON."""
        await self._send(request)
        _, body = await self._frame()
        return json.loads(body)

    async def begin(self, request: Mapping[str, object], text: bytes) -> None:
        """Start an utterance."""
        self.voice = str(request["voice"])
        await self._send({**request, "size": len(text)}, text)

    async def next_sound(self) -> bytes | None:
        """The next PCM of the utterance, None at its end."""
        kind, body = await self._frame()
        return None if kind == speaking_child.END else body

    async def end(self) -> None:
        """Kill the child, whatever it does, and reap it."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.communicate()  # also empties the pipes: only then asyncio lets go of them

    async def _send(self, request: Mapping[str, object], text: bytes = b"") -> None:
        self._requests.write(json.dumps(request).encode() + b"\n" + text)
        with contextlib.suppress(ConnectionError):  # how it died is found when its answer is read
            await self._in_time(self._requests.drain())

    async def _frame(self) -> tuple[bytes, bytes]:
        try:
            kind, body = await self._in_time(self._read_frame())
        except (asyncio.IncompleteReadError, ConnectionError):
            # Not killed as well: asyncio loses the return code of a child that it kills while it dies.
            returncode = await self._in_time(self._process.wait())
            raise EngineError(how_it_ended(self._program.engine, returncode), code="ENGINE_CRASHED") from None
        if kind == speaking_child.TEXT_REFUSED:
            raise TextRefused(body.decode())
        if kind == speaking_child.REFUSED:
            raise EngineError(body.decode(), code="ENGINE_REFUSED", retryable=False)
        return kind, body

    async def _read_frame(self) -> tuple[bytes, bytes]:
        kind, size = speaking_child.FRAME.unpack(await self._answers.readexactly(speaking_child.FRAME.size))
        return kind, await self._answers.readexactly(size)

    async def _in_time(self, answer: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._program.silence):
                return await answer
        except TimeoutError:
            name, seconds = self._program.engine, self._program.silence
            message = f"The {name} process hung: it gave no sound for {seconds:g} seconds and was ended."
            raise EngineError(message, code="ENGINE_TIMEOUT") from None


def how_it_ended(engine: str, returncode: int) -> str:
    """A sentence for the return code of a child that died by itself; negative codes are signals."""
    if returncode >= 0:
        return f"The {engine} process stopped in mid-speech (exit code {returncode}); speaking again may help."
    name, words = signal.Signals(-returncode).name, signal.strsignal(-returncode)
    hint = " The system may be out of memory." if returncode == -signal.SIGKILL else ""
    return f"The {engine} process died in mid-speech: {words} ({name}).{hint}"
