"""Speech from espeak-ng: no network, 138 voices, several hundred times faster than real time."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

from ttsqueue.engines import espeak_child
from ttsqueue.engines.engine import Voice
from ttsqueue.engines.espeak_voices import EspeakVoice, as_voices
from ttsqueue.engines.speakable import speakable
from ttsqueue.engines.speaking_pool import SpeakingPool
from ttsqueue.engines.speaking_process import Program
from ttsqueue.errors import EngineError

_WORDS_PER_MINUTE = 175
_SLOWEST, _FASTEST = 0.5, 3.0
_IDLE_PROCESSES = 4
"""Kept for the next utterance, about 20 MB each; a new one costs 60 ms."""


class EspeakEngine:
    """One child process per utterance under way; as many at once as there are callers of `speak`."""

    name = "espeak"
    sample_rate = espeak_child.SAMPLE_RATE
    is_costly = False
    max_characters = 3000

    def __init__(self) -> None:
        self._pool = SpeakingPool(lambda: espeak_program(*installed_library()), _IDLE_PROCESSES)
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
        async with aclosing(self._pool.speak({"voice": known.identifier, "rate": rate}, speakable(text))) as speech:
            async for pcm in speech:
                yield pcm

    async def aclose(self) -> None:
        """End every child; speech still under way raises EngineError."""
        await self._pool.aclose()

    async def _known_voices(self) -> dict[str, EspeakVoice]:
        if not self._voices:
            listed = await self._pool.ask({"list": True})
            self._voices = {found.voice.name: found for found in as_voices(listed)}
        return self._voices


def espeak_program(library: Path, voices: Path) -> Program:
    """`voices` is the folder that holds espeak-ng-data. The longest gap ever measured is 0.1 s."""
    return Program("espeak", espeak_child.__name__, voices, (str(library),))


def installed_library() -> tuple[Path, Path]:
    """The library and the folder of its voices."""
    try:
        import espeakng_loader
    except ImportError:
        message = "The espeak voices are not installed. Install ttsqueue[espeak], or choose another engine."
        raise EngineError(message, code="ENGINE_MISSING", retryable=False) from None
    return Path(espeakng_loader.get_library_path()), Path(espeakng_loader.get_data_path()).parent
