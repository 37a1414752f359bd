"""What the engine tests share: sound as seconds, and the children that make it."""

from __future__ import annotations

import psutil

from ttsqueue.engines.engine import Engine

STORY = (
    "The lighthouse keeper climbed the stairs every evening, lit the great lamp, and watched the ships go by. "
    "He had done so for thirty-one years. Nobody thanks you for it, his sister used to say.\n\n"
)
LONG_STORY = STORY * 500


async def seconds(engine: Engine, text: str, speed: float = 1.0, voice: str = "en-us") -> float:
    """How long `text` sounds."""
    size = 0
    async for pcm in engine.speak(text, voice, speed):
        size += len(pcm)
    return size / 2 / engine.sample_rate


def children(parent: int | None = None, program: str = "espeak_child") -> list[psutil.Process]:
    """The processes of `parent` (by default of this process) that run this program."""
    return [child for child in psutil.Process(parent).children() if _runs(program, child)]


def _runs(program: str, process: psutil.Process) -> bool:
    try:
        return any(program in word for word in process.cmdline())
    except psutil.Error:
        return False
