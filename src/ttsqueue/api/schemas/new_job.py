"""The body of POST /api/tts/queue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field, StrictBool, field_validator, model_validator
from pydantic.config import JsonDict

from ttsqueue.api.schemas.wire import Wire
from ttsqueue.book import BookInfo, Chapter, VoiceSettings
from ttsqueue.jobs import JobType, NewJob
from ttsqueue.priority import LATEST, SOONEST
from ttsqueue.submission import AUDIO_FORMATS, FASTEST, MAX_CHAPTERS, MOST_ATTEMPTS, SLOWEST

EXAMPLE: JsonDict = {
    "workId": "8f14e45f-ceea-467f-a0e6-5a3b1c2d4e5f",
    "chapters": [{"id": "ch1", "title": "The Stairs", "text": "The lighthouse had two hundred and twelve steps."}],
    "voiceSettings": {"voiceId": "default", "speed": 1.0},
    "jobType": "full_book",
    "title": "The Lighthouse at Noon",
    "language": "en",
}
UUID_FORMAT: JsonDict = {"format": "uuid"}
# Bounds that only describe are checked by the queue, for every way in: then the answer is 422 with a sentence.

Text = Annotated[str, Field(strict=True)]


def _text(value: object) -> object:
    """A number would be taken for seconds since 1970."""
    if not isinstance(value, str):
        raise ValueError("must be a date and time as text, with a time zone")  # noqa: TRY004 - pydantic's way
    return value


class ChapterIn(Wire):
    """One chapter. `id` and `chapterId` both name it; one of them is needed."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["id"]}, {"required": ["chapterId"]}]})

    id: Text | None = Field(None, description="Your own name for the chapter, unique within the job.")
    chapter_id: Text | None = Field(None, description="The same as `id`; it wins where both are given.")
    text: Text = Field(description="What is spoken. Paragraphs are separated by blank lines.")
    title: Text = ""

    @model_validator(mode="after")
    def _is_named(self) -> ChapterIn:
        if not (self.chapter_id or self.id):
            raise ValueError("a chapter needs an id")
        return self


class VoiceSettingsIn(Wire):
    """Who speaks, and how fast."""

    voice_id: Text = Field(
        default="default", description="`engine:voice`, or `default` for a voice of the book's language."
    )
    speed: Annotated[float, Field(strict=True)] = Field(
        default=1.0, json_schema_extra={"minimum": SLOWEST, "maximum": FASTEST}
    )


class NewJobIn(Wire):
    """A book to be spoken."""

    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE})

    work_id: Text = Field(description="Of the work in your application.", json_schema_extra=UUID_FORMAT)
    chapters: list[ChapterIn] = Field(json_schema_extra={"minItems": 1, "maxItems": MAX_CHAPTERS})
    voice_settings: VoiceSettingsIn = VoiceSettingsIn()
    job_type: JobType = Field(JobType.FULL_BOOK, description="`sample` speaks the first 1,000 characters.")
    user_id: Text | None = Field(
        None, description="Only a server's key or an admin may name another user.", json_schema_extra=UUID_FORMAT
    )
    is_premium: StrictBool | None = Field(None, description="The user's tier; only a server's key may name it.")
    priority: Annotated[int, Field(strict=True)] | None = Field(
        None,
        description="1 is soonest; no better than the tier allows. Left out: what the tier is given.",
        json_schema_extra={"minimum": SOONEST, "maximum": LATEST},
    )
    title: Text = ""
    author: Text = ""
    language: Text = Field("", description="BCP 47 tag; empty if unknown.")
    format: Text = Field("m4b", json_schema_extra={"enum": list(AUDIO_FORMATS)})
    cover: Text | None = Field(None, description="A JPEG or PNG picture of at most 5 MB, as a data URI.")
    cover_file_id: Text | None = None
    delay_seconds: Annotated[float, Field(strict=True, ge=0, le=1e9)] = Field(0, description="Start no sooner.")
    run_at: Annotated[AwareDatetime, BeforeValidator(_text)] | None = Field(
        None, description="Start no sooner; the later of the two holds."
    )
    max_attempts: Annotated[int, Field(strict=True)] | None = Field(
        None, json_schema_extra={"minimum": 1, "maximum": MOST_ATTEMPTS}
    )

    @field_validator("run_at")
    @classmethod
    def _is_within_our_calendar(cls, moment: datetime | None) -> datetime | None:
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError:
            raise ValueError("too far away") from None

    def job(self, user_id: str, priority: int) -> NewJob:
        """As the queue takes it; it checks what is left to check."""
        return NewJob(
            work_id=self.work_id,
            user_id=user_id,
            chapters=tuple(
                Chapter(entry.chapter_id or entry.id or "", entry.text, entry.title) for entry in self.chapters
            ),
            job_type=self.job_type,
            voice_settings=VoiceSettings(self.voice_settings.voice_id, self.voice_settings.speed),
            book=BookInfo(self.title, self.author, self.language, self.format, self.cover_file_id),
            priority=priority,
            delay=timedelta(seconds=self.delay_seconds),
            run_at=self.run_at,
            max_attempts=self.max_attempts,
        )
