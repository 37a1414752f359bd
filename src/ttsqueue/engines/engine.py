"""The seam between a job and whatever speaks it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice of one engine. `id` is how users name it: `espeak:en-us`."""

    engine: str
    name: str
    language: str
    """BCP 47 tag of the language it speaks best, for example `en-US`."""
    label: str = ""
    """What a person reads in a list: `English (America)`."""
    model: str = ""
    """What speaks it, where the operator may exchange that: pieces of a chapter from two models do not fit together."""
    may_cost: bool = False
    """Each use may cost money: it speaks where it is named, and never as a `default` that nobody chose."""

    @property
    def id(self) -> str:
        return f"{self.engine}:{self.name}"


class Engine(Protocol):
    """Turns text into sound. One file per engine; engines never import each other."""

    name: str
    sample_rate: int
    """Of the PCM that `speak` yields, in Hz."""
    max_characters: int
    """The longest text that one call of `speak` takes."""
    is_costly: bool
    """Speaking takes long or costs money, so that every piece of sound is kept on the disk as soon as it is there."""

    async def voices(self) -> list[Voice]:
        """Every voice that can really be used now."""
        ...

    def speak(self, text: str, voice: str, speed: float) -> AsyncGenerator[bytes, None]:
        """Yield mono signed 16-bit little-endian PCM for `text` as it is made.

        `voice` is the name without the engine; `speed` is 1.0 for the voice's own pace. Closing the
        generator (or cancelling its task) stops the speech at once, also in mid-sentence.
        Text without a letter may yield nothing. Raises EngineError.
        """
        ...

    async def aclose(self) -> None:
        """End child processes and connections."""
        ...
