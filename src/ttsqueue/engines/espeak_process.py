"""One child process that speaks, and the frames between it and us."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable
from pathlib import Path
from typing import TypeVar

from ttsqueue.engines import espeak_child
from ttsqueue.errors import EngineError

T = TypeVar("T")

_SILENCE = 30.0
"""Seconds without a frame after which a child counts as hung; the longest gap ever measured is 0.1 s."""


class EspeakProcess:
    """A child that answers one request at a time. Raises EngineError when it dies, hangs or refuses."""

    def __init__(self, process: Process, silence: float) -> None:
        self._process = process
        self._silence = silence
        assert process.stdin is not None  # noqa: S101 - it is a PIPE
        assert process.stdout is not None  # noqa: S101 - so is this
        self._requests, self._answers = process.stdin, process.stdout

    @classmethod
    async def start(cls, library: Path, voices: Path, silence: float = _SILENCE) -> EspeakProcess:
        """`voices` is the folder that holds espeak-ng-data."""
        program = (sys.executable, "-I", "-S", espeak_child.__file__, str(library))
        try:
            process = await asyncio.create_subprocess_exec(
                *program, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}, cwd=voices, start_new_session=True
            )
        except OSError as error:
            raise EngineError(f"The espeak process cannot be started: {error}.") from error
        return cls(process, silence)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.returncode is None and not self._answers.at_eof()

    async def voices(self) -> list[tuple[str, list[str], str]]:
        """Identifier, languages (best first) and label of every voice."""
        await self._ask({"list": True})
        _, body = await self._frame()
        return [(identifier, languages, label) for identifier, languages, label in json.loads(body)]

    async def begin(self, text: bytes, voice: str, rate: int) -> None:
        """Start an utterance; `voice` is espeak's identifier, `rate` in words per minute."""
        await self._ask({"voice": voice, "rate": rate, "size": len(text)}, text)

    async def next_sound(self) -> bytes | None:
        """The next PCM of the utterance, None at its end."""
        kind, body = await self._frame()
        return None if kind == espeak_child.END else body

    async def end(self) -> None:
        """Kill the child, whatever it does, and reap it."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.communicate()  # also empties the pipes: only then asyncio lets go of them

    async def _ask(self, request: dict[str, object], text: bytes = b"") -> None:
        self._requests.write(json.dumps(request).encode() + b"\n" + text)
        with contextlib.suppress(ConnectionError):  # how it died is found when its answer is read
            await self._in_time(self._requests.drain())

    async def _frame(self) -> tuple[bytes, bytes]:
        try:
            kind, body = await self._in_time(self._read_frame())
        except (asyncio.IncompleteReadError, ConnectionError):
            # Not killed as well: asyncio loses the return code of a child that it kills while it dies.
            returncode = await self._in_time(self._process.wait())
            raise EngineError(how_it_ended(returncode), code="ENGINE_CRASHED") from None
        if kind == espeak_child.REFUSED:
            raise EngineError(body.decode(), code="ENGINE_REFUSED", retryable=False)
        return kind, body

    async def _read_frame(self) -> tuple[bytes, bytes]:
        kind, size = espeak_child.FRAME.unpack(await self._answers.readexactly(espeak_child.FRAME.size))
        return kind, await self._answers.readexactly(size)

    async def _in_time(self, answer: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._silence):
                return await answer
        except TimeoutError:
            message = f"The espeak process hung: it gave no sound for {self._silence:g} seconds and was ended."
            raise EngineError(message, code="ENGINE_TIMEOUT") from None


def how_it_ended(returncode: int) -> str:
    """A sentence for the return code of a child that died by itself; negative codes are signals."""
    if returncode >= 0:
        return f"The espeak process stopped in mid-speech (exit code {returncode}); speaking again may help."
    name, words = signal.Signals(-returncode).name, signal.strsignal(-returncode)
    hint = " The system may be out of memory." if returncode == -signal.SIGKILL else ""
    return f"The espeak process died in mid-speech: {words} ({name}).{hint}"
