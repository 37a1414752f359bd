"""What is known about finished sound, and what a book is told about itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SAMPLE_BYTES = 2
"""Engines yield PCM: mono, signed, 16 bits, little-endian."""


@dataclass(frozen=True, slots=True)
class ChapterSound:
    """A chapter as it was encoded.

    `samples` at `sample_rate` is the room the chapter takes inside a joined book, the encoder's own padding
    (under 0.1 s at 22050 Hz) included: sums of it are exact.
    """

    duration: float
    """Seconds: `samples / sample_rate`."""
    samples: int
    sample_rate: int
    """Of the coded sound in Hz; 48000 for Opus, whatever the engine yields."""
    loudness: float | None
    """LUFS before the gain; None where it is silent or shorter than 0.4 s."""
    silent: bool
    """Nothing can be heard: no PCM came, or only zeros."""
    size: int
    """Bytes of the file."""


@dataclass(frozen=True, slots=True)
class BookPart:
    """One encoded chapter on its way into a book."""

    path: Path
    title: str
    sound: ChapterSound


@dataclass(frozen=True, slots=True)
class BookTags:
    """What players show. `language` is a BCP 47 tag; empty fields are left out."""

    title: str
    author: str = ""
    language: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class BookSound:
    """A joined book; `duration` and `starts` (one per chapter) in seconds, `size` in bytes."""

    duration: float
    starts: tuple[float, ...]
    size: int
