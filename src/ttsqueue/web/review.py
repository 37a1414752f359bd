"""A book between upload and submission: what was read, as the form carries it, and what became of it there."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from pydantic import ValidationError

from ttsqueue.api.schemas.wire import Wire
from ttsqueue.book import Chapter
from ttsqueue.books import Book
from ttsqueue.costs.calls import calls_of_each
from ttsqueue.costs.estimate import spoken_characters
from ttsqueue.costs.price_list import cost_of
from ttsqueue.engines.estimate import estimate_seconds
from ttsqueue.errors import InvalidJob
from ttsqueue.jobs import JobType
from ttsqueue.submission import AUDIO_FORMATS, FASTEST, SLOWEST
from ttsqueue.web.voice_terms import VoiceTerms

FORMATS = tuple(zip(AUDIO_FORMATS, ("Audiobook (m4b)", "MP3", "Opus", "FLAC", "WAV"), strict=True))
"""Name and words of each."""

_WORKS = UUID("c8a3d0f4-1f0e-4a7f-9c0e-5a5f5d1d7e42")


Calls = Mapping[str, Mapping[int, int]]
"""Of a TTS server, by chapter id and by how many characters it takes at once."""


class ReviewedChapter(Wire):
    """One chapter; `left_out` is the reason why it is not spoken unless somebody says so."""

    id: str
    title: str
    text: str
    left_out: str | None = None


class ReviewedBook(Wire):
    """Travels in a hidden field of the form, so that nothing is stored before the book is submitted."""

    title: str
    author: str = ""
    language: str = ""
    cover: str | None = None
    """A data URI."""
    chapters: list[ReviewedChapter]

    @property
    def work_id(self) -> str:
        """The same for the same texts, so that a second click makes no second job."""
        texts = [[chapter.id, chapter.text] for chapter in self.chapters]
        return str(uuid5(_WORKS, hashlib.sha256(json.dumps(texts).encode()).hexdigest()))

    def spoken_characters(self, chapter: ReviewedChapter) -> int:
        """What a voice is paid for."""
        return spoken_characters([Chapter(chapter.id, chapter.text)], JobType.FULL_BOOK)

    def calls(self, limits: Iterable[int]) -> Calls:
        """For servers that take so many characters at once."""
        texts = [chapter.text for chapter in self.chapters]
        of_each = {most: list(calls_of_each(texts, self.language, most)) for most in limits}
        return {
            chapter.id: {most: calls[index] for most, calls in of_each.items()}
            for index, chapter in enumerate(self.chapters)
        }

    def seconds(self, chapter: ReviewedChapter) -> float:
        """How long the chapter will sound at speed 1."""
        return estimate_seconds(len(chapter.text), 1.0, self.language)


def review_of(book: Book, cover: bytes | None) -> ReviewedBook:
    """`cover` is a JPEG that is fit to be shown."""
    chapters = [
        ReviewedChapter(id=f"ch{number}", title=chapter.title, text=chapter.text, left_out=chapter.left_out)
        for number, chapter in enumerate(book.chapters, 1)
    ]
    picture = None if cover is None else f"data:image/jpeg;base64,{base64.b64encode(cover).decode()}"
    return ReviewedBook(title=book.title, author=book.author, language=book.language, cover=picture, chapters=chapters)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person decided in the form."""

    title: str
    author: str
    titles: Mapping[str, str]
    """By chapter id."""
    kept: Sequence[str]
    """Ids of the chapters to speak, in the order to speak them."""
    voice_id: str
    speed: float
    audio_format: str


@dataclass(frozen=True, slots=True)
class Total:
    """What the chosen chapters take."""

    seconds: float
    calls: int
    """Of a TTS server."""
    cost: float | None


def total_of(book: ReviewedBook, wishes: Wishes, terms: VoiceTerms, calls: Calls) -> Total:
    """As the page says it; with a script it says so anew with every choice."""
    kept = [chapter for chapter in book.chapters if chapter.id in set(wishes.kept)]
    speed = min(max(SLOWEST, wishes.speed), FASTEST)  # anybody may have written the form
    seconds = sum(book.seconds(chapter) for chapter in kept) / speed
    made = sum(calls[chapter.id].get(terms.most_characters, 0) for chapter in kept)
    return Total(seconds, made, cost_of(sum(map(book.spoken_characters, kept)), terms.per_million))


def job_body(book: ReviewedBook, wishes: Wishes) -> dict[str, object]:
    """The body of POST /api/tts/queue. InvalidJob when no chapter was kept."""
    chapters = {chapter.id: chapter for chapter in book.chapters}
    kept = [chapters[name] for name in wishes.kept if name in chapters]
    if not kept:
        raise InvalidJob("No chapter is chosen; tick at least one.")
    return {
        "workId": book.work_id,
        "title": wishes.title,
        "author": wishes.author,
        "language": book.language,
        "cover": book.cover,
        "format": wishes.audio_format,
        "voiceSettings": {"voiceId": wishes.voice_id, "speed": wishes.speed},
        "chapters": [
            {"id": chapter.id, "title": wishes.titles.get(chapter.id, chapter.title), "text": chapter.text}
            for chapter in kept
        ],
    }


def read_review(field: str) -> ReviewedBook:
    """The hidden field, which anybody may have written. InvalidJob."""
    try:
        return ReviewedBook.model_validate_json(field)
    except ValidationError:
        raise InvalidJob("The form has lost the book; choose the file again.") from None
