"""Speech from espeak-ng: no network, 138 voices, several hundred times faster than real time."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

from ttsqueue.engines.engine import Voice
from ttsqueue.engines.espeak_child import SAMPLE_RATE
from ttsqueue.engines.espeak_process import EspeakProcess
from ttsqueue.engines.espeak_text import speakable
from ttsqueue.engines.espeak_voices import EspeakVoice, as_voices
from ttsqueue.errors import EngineError

_WORDS_PER_MINUTE = 175
_SLOWEST, _FASTEST = 0.5, 3.0
_IDLE_PROCESSES = 4
"""Kept for the next utterance, about 20 MB each; a new one costs 40 ms."""


class EspeakEngine:
    """One child process per utterance under way; as many at once as there are callers of `speak`."""

    name = "espeak"
    sample_rate = SAMPLE_RATE
    is_costly = False
    max_characters = 3000

    def __init__(self) -> None:
        self._idle: list[EspeakProcess] = []
        self._processes: set[EspeakProcess] = set()
        self._voices: dict[str, EspeakVoice] = {}

    async def voices(self) -> list[Voice]:
        """Every voice of the library. Raises EngineError when espeak-ng is not installed."""
        return [found.voice for found in (await self._known_voices()).values()]

    async def speak(self, text: str, voice: str, speed: float) -> AsyncGenerator[bytes, None]:
        """See Engine. A `speed` outside 0.5 to 3 counts as the nearer bound."""
        known = (await self._known_voices()).get(voice)
        if known is None:
            message = f"espeak has no voice {voice!r}; choose one from the list of voices."
            raise EngineError(message, code="UNKNOWN_VOICE", retryable=False)
        rate = round(_WORDS_PER_MINUTE * min(max(speed, _SLOWEST), _FASTEST))
        process = await self._take()
        finished = False
        try:
            await process.begin(speakable(text), known.identifier, rate)
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

    async def _known_voices(self) -> dict[str, EspeakVoice]:
        if not self._voices:
            process = await self._take()
            listed = None
            try:
                listed = await process.voices()
            finally:
                await self._give_back(process, usable=listed is not None)
            self._voices = {found.voice.name: found for found in as_voices(listed)}
        return self._voices

    async def _take(self) -> EspeakProcess:
        while self._idle:
            process = self._idle.pop()
            if process.alive:
                return process
            await self._forget(process)
        process = await EspeakProcess.start(*installed_library())
        self._processes.add(process)
        return process

    async def _give_back(self, process: EspeakProcess, *, usable: bool) -> None:
        if usable and len(self._idle) < _IDLE_PROCESSES:
            self._idle.append(process)
        else:
            await self._forget(process)

    async def _forget(self, process: EspeakProcess) -> None:
        await process.end()
        self._processes.discard(process)


def installed_library() -> tuple[Path, Path]:
    """The library and the folder of its voices."""
    try:
        import espeakng_loader
    except ImportError:
        message = "The espeak voices are not installed. Install ttsqueue[espeak], or choose another engine."
        raise EngineError(message, code="ENGINE_MISSING", retryable=False) from None
    return Path(espeakng_loader.get_library_path()), Path(espeakng_loader.get_data_path()).parent
