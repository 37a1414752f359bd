"""What has been spoken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Substitution:
    """A sentence that the book's voice could not speak."""

    text: str
    """Its beginning, if it is long."""
    voice_id: str
    """Who spoke it instead."""


@dataclass(frozen=True, slots=True)
class ChapterSound:
    """One chapter in the result; `start` and `duration` in seconds of the audiobook."""

    chapter_id: str
    title: str
    audio_file_id: str
    start: float
    duration: float
    silent: bool = False
    """True when the chapter held nothing that can be spoken."""
    substitutions: tuple[Substitution, ...] = ()


@dataclass(frozen=True, slots=True)
class JobResult:
    """What a completed job made. `audio_file_ids` holds one id per chapter, in order."""

    audio_file_ids: tuple[str, ...]
    total_duration: float
    """Seconds."""
    audiobook_file_id: str | None = None
    chapters: tuple[ChapterSound, ...] = ()
    completed_at: datetime | None = None
    """Filled in by the queue."""


@dataclass(frozen=True, slots=True)
class FinishedChapter:
    """A spoken chapter: the pointer that makes its file count."""

    index: int
    """0-based place in the payload."""
    audio_file_id: str
    duration: float
    """Seconds."""
    silent: bool = False
    sound: Mapping[str, Any] = field(default_factory=dict)
    """What is needed again when the book is put together: samples and loudness, sentences spoken by another voice."""
