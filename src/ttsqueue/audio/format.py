"""The formats a listener can ask for."""

from __future__ import annotations

from enum import StrEnum


class AudioFormat(StrEnum):
    """How a finished audiobook and its chapters are stored."""

    M4B = "m4b"
    MP3 = "mp3"
    OPUS = "opus"
    FLAC = "flac"
    WAV = "wav"

    @property
    def book_suffix(self) -> str:
        """With the dot: `.m4b`."""
        return f".{self.value}"

    @property
    def chapter_suffix(self) -> str:
        """With the dot; a single chapter of an M4B book is an ordinary `.m4a`."""
        return ".m4a" if self is AudioFormat.M4B else self.book_suffix

    def media_type(self) -> str:
        """The Content-Type of chapters and book."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    AudioFormat.M4B: "audio/mp4",
    AudioFormat.MP3: "audio/mpeg",
    AudioFormat.OPUS: "audio/ogg",
    AudioFormat.FLAC: "audio/flac",
    AudioFormat.WAV: "audio/wav",
}
