"""An engine that is quick, exact and does as it is told: a tone for every word."""

from __future__ import annotations

import array
import asyncio
import math
from collections.abc import AsyncGenerator, Callable

from ttsqueue.engines.engine import Voice
from ttsqueue.errors import EngineError

RATE = 22050
WORD = 0.1
"""Seconds of sound per word."""

_TONE = array.array("h", [int(8000 * math.sin(n / 8)) for n in range(int(RATE * WORD))]).tobytes()


class ToneEngine:
    """Remembers what it was asked to speak. `fault` may raise for a piece; `pause` is seconds of work per word."""

    name = "tone"
    sample_rate = RATE
    is_costly = False
    max_characters = 400

    def __init__(self, pause: float = 0.0, fault: Callable[[str], None] = lambda piece: None) -> None:
        self.pause = pause
        self.fault = fault
        self.offer = [Voice("tone", "low", "en-GB", "Low"), Voice("tone", "high", "en-US", "High")]
        self.spoken: list[str] = []
        self.at_work = 0
        self.most_at_work = 0

    async def voices(self) -> list[Voice]:
        return self.offer

    async def speak(self, text: str, voice: str, speed: float) -> AsyncGenerator[bytes, None]:
        self.spoken.append(text)
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        try:
            for _ in text.split():
                await asyncio.sleep(self.pause)
                yield _TONE
            self.fault(text)
        finally:
            self.at_work -= 1

    async def aclose(self) -> None:
        return None


def poison(word: str, **how: bool) -> Callable[[str], None]:
    """A fault for every piece with this word in it."""

    def fault(piece: str) -> None:
        if word in piece:
            raise EngineError(f"The voice choked on {word}.", code="CHOKED", **how)

    return fault
