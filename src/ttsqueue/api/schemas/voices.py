"""Who can speak, and a few words to hear."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ttsqueue.api.schemas.wire import Wire

Text = Annotated[str, Field(strict=True)]


class VoiceOut(Wire):
    """One voice of one engine."""

    id: str = Field(description="`engine:name`, the `voiceId` of jobs and previews.")
    engine: str
    name: str
    language: str = Field(description="BCP 47 tag of the language it speaks best; empty if it speaks every one.")
    label: str = Field(description="What a person reads in a list.")


class VoicesOut(Wire):
    """Every voice that can be used now."""

    voices: list[VoiceOut]
    default: str | None = Field(
        description="What `default` stands for in this language (English if none was named); null if there is none."
    )


class PreviewIn(Wire):
    """Something to say at once."""

    text: Text = Field(description="The first 500 characters are spoken, up to the end of a sentence.")
    voice_id: Text = Field("default", description="`engine:voice`, or `default` for a voice of the language.")
    speed: Annotated[float, Field(strict=True)] = Field(1.0, description="0.5 to 2.5.")
    language: Text = Field("", description="BCP 47 tag; empty if unknown.")
