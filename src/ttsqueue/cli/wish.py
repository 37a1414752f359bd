"""How somebody wants a book to be spoken."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ttsqueue.book import VoiceSettings
from ttsqueue.cli.chapter_range import ChapterRange


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for; None leaves it to the book, or to us."""

    voice: str = "default"
    speed: float = 1.0
    audio_format: str | None = None
    chapters: ChapterRange | None = None
    """None takes every chapter that is spoken."""
    cover: Path | None = None
    language: str | None = None

    @property
    def voice_settings(self) -> VoiceSettings:
        return VoiceSettings(self.voice, self.speed)
