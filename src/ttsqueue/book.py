"""What is to be spoken."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter as handed in. `chapter_id` is the caller's own name for it, unique within the job."""

    chapter_id: str
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """Who speaks and how fast. `voice_id` is `engine:voice`, or `default` for a voice of the book's language."""

    voice_id: str = "default"
    speed: float = 1.0


@dataclass(frozen=True, slots=True)
class BookInfo:
    """What the finished audiobook says about itself."""

    title: str = ""
    author: str = ""
    language: str = ""
    """BCP 47 tag, or empty when unknown."""
    audio_format: str = "m4b"
    """m4b, mp3, opus, flac or wav."""
    cover_file_id: str | None = None
    """A picture already in storage."""


@dataclass(frozen=True, slots=True)
class Payload:
    """Everything needed to speak a job, frozen at submission."""

    chapters: tuple[Chapter, ...]
    voice_settings: VoiceSettings = field(default_factory=VoiceSettings)
    book: BookInfo = field(default_factory=BookInfo)
