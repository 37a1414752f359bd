"""What a voice fails to speak is asked for again, then sentence by sentence, and then spoken by somebody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field

from ttsqueue.books.sentences import sentences
from ttsqueue.errors import EngineError, TextRefused
from ttsqueue.result import Substitution
from ttsqueue.text import has_words
from ttsqueue.worker.speaker import BAD_SOUND, Speaker, cannot_speak, may_be_the_text, quoted

TRIES = 2
"""For a piece, and again for each of its sentences."""
MOST_IN_A_ROW = 10
"""Sentences that a voice may fail to speak before the fault counts as the engine's."""
_LONGEST_PART = 400


@dataclass(slots=True)
class PatientReader:
    """Reads the pieces of one chapter, each as a whole. `substitutions` is filled in."""

    speaker: Speaker
    language: str
    find_stand_in: Callable[[], Awaitable[Speaker | None]]
    """Who speaks what `speaker` cannot; None when the book shall rather fail."""
    substitutions: list[Substitution] = field(default_factory=list)
    _in_a_row: int = 0

    async def read(self, piece: str) -> AsyncGenerator[bytes, None]:
        """The sound of a piece. EngineError: of the engine, or one that quotes what cannot be spoken."""
        sound = await _unless_it_is_the_text(self.speaker, piece, is_paid=True)
        if not isinstance(sound, EngineError):
            self._in_a_row = 0
            yield sound
            return
        if isinstance(sound, TextRefused):
            await self.speaker.prove()  # who refuses this too refuses everything, and says why
        for part in sentences(piece, self.language, _LONGEST_PART):
            yield await self._sentence(part, is_paid=isinstance(sound, TextRefused))

    async def _sentence(self, part: str, *, is_paid: bool) -> bytes:
        sound = await _unless_it_is_the_text(self.speaker, part, is_paid=is_paid)
        if not isinstance(sound, EngineError):
            self._in_a_row = 0
            return sound
        if not has_words(part):
            return b""
        await self._check_that_it_is_the_text(sound)
        return await self._instead(part, sound)

    async def _check_that_it_is_the_text(self, error: EngineError) -> None:
        """EngineError, which costs the job an attempt, when the engine speaks nothing at all."""
        self._in_a_row += 1
        if self._in_a_row >= MOST_IN_A_ROW:
            if isinstance(error, TextRefused):
                raise error
            raise EngineError(f"{self.speaker.voice.id} spoke none of {self._in_a_row} sentences in a row: {error}")
        await self.speaker.prove()

    async def _instead(self, part: str, error: EngineError) -> bytes:
        stand_in = await self.find_stand_in()
        sound = await _unless_it_is_the_text(stand_in, part, is_paid=False) if stand_in else error
        if stand_in is None or isinstance(sound, EngineError):
            if error.code == BAD_SOUND:
                raise error
            raise cannot_speak(self.speaker.voice, part, str(error).rstrip("."), error.code)
        self.substitutions.append(Substitution(quoted(part), stand_in.voice.id))
        return await asyncio.to_thread(_resampled, sound, stand_in.engine.sample_rate, self.speaker.engine.sample_rate)


def _resampled(pcm: bytes, rate: int, wanted: int) -> bytes:
    if rate == wanted or not pcm:
        return pcm
    from ttsqueue.engines.sound_fitting import fitted  # FFmpeg, which a worker's own process does without otherwise

    return fitted(pcm, rate, wanted)


async def _unless_it_is_the_text(speaker: Speaker, text: str, *, is_paid: bool) -> bytes | EngineError:
    """The sound, or why this text has none after all tries. EngineError for any other trouble. What was refused was
    not sold: only where sound came, asking once more costs once more.
    """
    failure: EngineError | None = None
    for number in range(TRIES):
        try:
            return await speaker.whole(text, is_paid=is_paid and number == 0)
        except EngineError as error:
            if not may_be_the_text(error):
                raise
            failure = error
            if isinstance(error, TextRefused):
                break
    assert failure is not None  # noqa: S101 - there was at least one try
    return failure
