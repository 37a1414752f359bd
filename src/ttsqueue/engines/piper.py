"""Speech from piper: neural voices on the processor at hand, from the .onnx files in one folder."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from ttsqueue.engines import piper_child
from ttsqueue.engines.engine import Voice
from ttsqueue.engines.piper_voice_file import SPEAKER_MARK, SUFFIX, PiperVoiceFile, read_voice_file
from ttsqueue.engines.speakable import speakable
from ttsqueue.engines.speaking_pool import SpeakingPool
from ttsqueue.engines.speaking_process import Program
from ttsqueue.errors import EngineError

_SLOWEST, _FASTEST = 0.25, 4.0
_SILENCE = 120.0
"""Seconds for loading a model and for one long sentence on a slow machine; nothing is heard meanwhile."""
_IDLE_PROCESSES = 2
"""Each holds a model, 60 MB and more."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What lies in the folder."""

    found: tuple[PiperVoiceFile, ...]
    broken: tuple[str, ...]
    """A sentence for each file that is no voice."""


class PiperEngine:
    """One child process per utterance under way. `folder` need not exist."""

    name = "piper"
    sample_rate = piper_child.SAMPLE_RATE
    is_costly = True
    max_characters = 500
    """Piper looks at a whole text before the first sound, and at a sentence in one go, however long it is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pool = SpeakingPool(self._program, _IDLE_PROCESSES)

    async def voices(self) -> list[Voice]:
        """EngineError when there are voices and piper itself is missing."""
        found = (await self.survey()).found
        if found:
            check_installed()
        return [voice for file in found for voice in file.voices()]

    async def survey(self) -> Survey:
        return await asyncio.to_thread(_survey, self.folder)

    async def speak(self, text: str, voice: str, speed: float) -> AsyncGenerator[bytes, None]:
        """See Engine. A `speed` outside 0.25 to 4 counts as the nearer bound."""
        check_installed()
        file, speaker = await self._meant(voice)
        request = {
            "voice": str(file.model.absolute()),
            "stamp": file.stamp,
            "speaker": speaker,
            "speed": min(max(speed, _SLOWEST), _FASTEST),
        }
        async with aclosing(self._pool.speak(request, speakable(text))) as speech:
            async for pcm in speech:
                yield pcm

    async def aclose(self) -> None:
        """End every child; speech still under way raises EngineError."""
        await self._pool.aclose()

    async def _meant(self, voice: str) -> tuple[PiperVoiceFile, int | None]:
        """The file, and its speaker. A file that has become unreadable is told as such."""
        for file in (await self.survey()).found:
            if file.name == voice:
                return file, None
            of_a_team = f"{file.name}{SPEAKER_MARK}"
            speaker = voice.removeprefix(of_a_team)
            if voice.startswith(of_a_team) and speaker in file.speakers:
                return file, file.speakers[speaker]
        message = f"piper has no voice {voice!r}; choose one from the list of voices."
        raise EngineError(message, code="UNKNOWN_VOICE", retryable=False)

    def _program(self) -> Program:
        return Program(self.name, piper_child.__name__, Path("/"), needs_packages=True, silence=_SILENCE)


def check_installed() -> None:
    """EngineError when piper is not."""
    if find_spec("piper") is None or find_spec("onnxruntime") is None:
        message = 'Piper voices need one more package: pip install "ttsqueue[piper]".'
        raise EngineError(message, code="ENGINE_MISSING", retryable=False)


def _survey(folder: Path) -> Survey:
    found, broken = [], []
    for model in sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else ():
        try:
            found.append(read_voice_file(model))
        except EngineError as error:
            broken.append(str(error))
    return Survey(tuple(found), tuple(broken))
