"""A book that was read from an uploaded file."""

from __future__ import annotations

from pydantic import Field

from ttsqueue.api.schemas.wire import Wire


class BookChapterOut(Wire):
    """One chapter, as POST /api/tts/queue takes it."""

    id: str = Field(description="`ch1`, `ch2`...")
    title: str
    text: str
    characters: int
    estimated_seconds: float = Field(description="Of speech, at speed 1.")
    left_out: str | None = Field(
        description="Null for what is read aloud, else `front matter`, `back matter`, `contents` or `no text`."
    )


class BookOut(Wire):
    """Nothing of it is stored."""

    title: str
    author: str = Field(description="Empty when unknown.")
    language: str = Field(description="BCP 47 tag; empty when the file does not say.")
    cover: str | None = Field(description="A JPEG as a data URI, ready for `cover` of a new job.")
    chapters: list[BookChapterOut]
