"""One voice at work on one book: a text in, sound that can be that text out."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass

from ttsqueue.engines.engine import Engine, Voice
from ttsqueue.engines.sound_check import SoundMeter, fault_of, longest_seconds
from ttsqueue.engines.suspicion import HARMLESS
from ttsqueue.errors import EngineError, TextRefused
from ttsqueue.worker.spoken_pieces import SpokenPieces, piece_name

BAD_SOUND = "BAD_SOUND"

_OF_THE_TEXT = frozenset({BAD_SOUND, "ENGINE_CRASHED", "ENGINE_TIMEOUT", EngineError.code})
_QUOTED = 120
"""Characters of a sentence that are shown."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """`user_id` is whose book it is: kept pieces are for nobody else."""

    user_id: str
    voice: Voice
    engine: Engine
    speed: float
    pieces: SpokenPieces
    pay_again: Callable[[int], Awaitable[None]]
    """For so many characters, which were paid for once."""

    async def stream(self, text: str) -> AsyncGenerator[bytes, None]:
        """The sound as it is made. EngineError, at its end also when it cannot have been this text."""
        meter, longest = SoundMeter(self.engine.sample_rate), longest_seconds(text, self.speed)
        async with aclosing(self.engine.speak(text, self.voice.name, self.speed)) as speech:
            async for pcm in speech:
                meter.add(pcm)
                if meter.seconds > longest:
                    break
                yield pcm
        if fault := fault_of(meter, text, self.speed):
            raise cannot_speak(self.voice, text, fault, BAD_SOUND)

    async def whole(self, text: str, *, is_paid: bool) -> bytes:
        """The sound at once. What is costly is spoken once, and then kept. EngineError."""
        if not self.engine.is_costly:
            return await self._gathered(text)
        name = piece_name(self.user_id, self.voice, self.engine.sample_rate, self.speed, text)
        kept = await self.pieces.find(name)
        if kept is None:
            if not is_paid:
                await self.pay_again(len(text))
            kept = await self._gathered(text)
            await self.pieces.keep(name, kept)
        return kept

    async def prove(self) -> None:
        """EngineError when the voice does not even speak this. What was kept of it would prove nothing."""
        try:
            await self._gathered(HARMLESS)
        except EngineError as error:
            if error.code == BAD_SOUND:
                raise EngineError(f"{self.voice.id} speaks nothing at all: {error}") from None
            raise

    async def _gathered(self, text: str) -> bytes:
        async with aclosing(self.stream(text)) as sound:
            return b"".join([pcm async for pcm in sound])


def may_be_the_text(error: EngineError) -> bool:
    """Whether it may be this text that the engine cannot speak, and not the engine that speaks nothing."""
    return isinstance(error, TextRefused) or error.code in _OF_THE_TEXT


def cannot_speak(voice: Voice, text: str, why: str, code: str) -> EngineError:
    """For good: it would go the same way the next time."""
    message = f'{voice.id} cannot speak this ({why}): "{quoted(text)}".'
    return EngineError(message, code=code, retryable=False)


def quoted(text: str) -> str:
    """One short line of it."""
    line = " ".join(text.split())
    return line if len(line) <= _QUOTED else f"{line[:_QUOTED]}…"
