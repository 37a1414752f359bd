"""The children of one engine: as many as there are callers, and a few that wait for the next utterance."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any

from ttsqueue.engines.speaking_process import Program, SpeakingProcess


class SpeakingPool:
    """One child process per utterance under way. `program` may raise EngineError: nothing is installed."""

    def __init__(self, program: Callable[[], Program], most_idle: int) -> None:
        self._program = program
        self._most_idle = most_idle
        self._idle: list[SpeakingProcess] = []
        self._processes: set[SpeakingProcess] = set()

    async def ask(self, request: Mapping[str, object]) -> Any:
        """What a child tells. Raises EngineError."""
        process = await self._take("")
        answer = None
        try:
            answer = await process.ask(request)
        finally:
            await self._give_back(process, usable=answer is not None)
        return answer

    async def speak(self, request: Mapping[str, object], text: bytes) -> AsyncGenerator[bytes, None]:
        """PCM as it is made. Closing the generator ends the child, also in mid-sentence. Raises EngineError."""
        process = await self._take(str(request["voice"]))
        finished = False
        try:
            await process.begin(request, text)
            while (pcm := await process.next_sound()) is not None:
                yield pcm
            finished = True
        finally:
            await self._give_back(process, usable=finished)

    async def aclose(self) -> None:
        """End every child; speech still under way raises EngineError."""
        self._idle.clear()
        for process in tuple(self._processes):
            await self._forget(process)

    async def _take(self, voice: str) -> SpeakingProcess:
        """Best one that has this voice loaded already."""
        self._idle.sort(key=lambda process: process.voice == voice)
        while self._idle:
            process = self._idle.pop()
            if process.alive:
                return process
            await self._forget(process)
        process = await SpeakingProcess.start(self._program())
        self._processes.add(process)
        return process

    async def _give_back(self, process: SpeakingProcess, *, usable: bool) -> None:
        if usable and len(self._idle) < self._most_idle:
            self._idle.append(process)
        else:
            await self._forget(process)

    async def _forget(self, process: SpeakingProcess) -> None:
        await process.end()
        self._processes.discard(process)
