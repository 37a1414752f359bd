"""Encoding chapters in a process of their own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from ttsqueue.audio.child import Child
from ttsqueue.audio.format import AudioFormat
from ttsqueue.audio.framing import Kind
from ttsqueue.audio.sound import SAMPLE_BYTES, ChapterSound

_MESSAGE = 64 * 1024  # bytes; engines yield small pieces, and each message costs the event loop a turn


class ChapterEncoder:
    """A chapter that is being encoded; made by `Encoder.chapter`."""

    def __init__(self, child: Child) -> None:
        self._child = child
        self._gathered = bytearray()
        self._answer = asyncio.create_task(child.receive())
        self._answer.add_done_callback(_seen)  # a chapter that failed by itself asks for no answer
        self.finished = False

    async def write(self, pcm: bytes) -> None:
        """The next piece of mono signed 16-bit little-endian PCM. AudioError once the chapter has failed."""
        self._gathered += pcm
        while len(self._gathered) >= _MESSAGE:
            await self._send(Kind.DATA, bytes(self._gathered[:_MESSAGE]))
            del self._gathered[:_MESSAGE]

    async def finish(self) -> ChapterSound:
        """Encode what came, and wait until the file is on the disk. AudioError."""
        whole = len(self._gathered) - len(self._gathered) % SAMPLE_BYTES
        await self._send(Kind.DATA, bytes(self._gathered[:whole]))
        await self._send(Kind.FINISH)
        _, result = await self._answer
        self.finished = True
        return ChapterSound(**json.loads(result))

    def stop(self) -> None:
        """Nobody waits for the answer any more."""
        self._answer.cancel()

    async def _send(self, kind: Kind, payload: bytes = b"") -> None:
        if self._answer.done():
            await self._answer  # comes this early only with a failure
        await self._child.send(kind, payload)


class Encoder:
    """Owns one child process, started when first needed and again after it was lost.

        async with Encoder(temp_folder) as encoder:
            async with encoder.chapter(target, AudioFormat.M4B, 22050) as chapter:
                await chapter.write(pcm)
                sound = await chapter.finish()

    PCM waits in `temp_folder`, in a file without a name. One chapter at a time; a second one waits.
    """

    def __init__(self, temp_folder: Path) -> None:
        self._temp_folder = temp_folder
        self._child: Child | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._child is not None:
            await self._child.close()
            self._child = None

    @asynccontextmanager
    async def chapter(self, target: Path, fmt: AudioFormat, sample_rate: int) -> AsyncIterator[ChapterEncoder]:
        """Encode into `target`, which the caller publishes afterwards.

        Leaving without `finish`, by an error or by cancellation stops the work at once and leaves no file.
        A chapter without PCM becomes a short silence. AudioError.
        """
        async with self._turn:
            child = await self._ready_child()
            chapter = ChapterEncoder(child)
            try:
                await child.send(Kind.ORDER, self._order(target, fmt, sample_rate))
                yield chapter
            finally:
                if not chapter.finished:
                    await self._abort(chapter, target)

    async def _ready_child(self) -> Child:
        if self._child is None or not self._child.alive:
            self._child = await Child.start("chapter_child")
        return self._child

    def _order(self, target: Path, fmt: AudioFormat, sample_rate: int) -> bytes:
        order = {
            "target": str(target),
            "format": str(fmt),
            "sample_rate": sample_rate,
            "temp_folder": str(self._temp_folder),
        }
        return json.dumps(order).encode()

    async def _abort(self, chapter: ChapterEncoder, target: Path) -> None:
        child, self._child = self._child, None
        chapter.stop()  # first: while the child dies, a second cancellation may come
        try:
            if child is not None:
                await child.kill()
        finally:
            target.unlink(missing_ok=True)


def _seen(answer: asyncio.Task[tuple[Kind, bytes]]) -> None:
    if not answer.cancelled():
        answer.exception()
