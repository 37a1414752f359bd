"""A book between upload and submission: what was read, as the form carries it, and what became of it there."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from pydantic import ValidationError

from ttsqueue.api.schemas.wire import Wire
from ttsqueue.book import Chapter
from ttsqueue.books import Book
from ttsqueue.costs.estimate import spoken_lengths
from ttsqueue.costs.price_list import PriceList
from ttsqueue.engines.estimate import estimate_seconds
from ttsqueue.errors import InvalidJob
from ttsqueue.jobs import JobType
from ttsqueue.submission import AUDIO_FORMATS, FASTEST, SLOWEST

FORMATS = tuple(zip(AUDIO_FORMATS, ("Audiobook (m4b)", "MP3", "Opus", "FLAC", "WAV"), strict=True))
"""Name and words of each."""

_WORKS = UUID("c8a3d0f4-1f0e-4a7f-9c0e-5a5f5d1d7e42")


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
        return sum(spoken_lengths([Chapter(chapter.id, chapter.text)], JobType.FULL_BOOK))

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
    cost: float | None
    cost_unknown: str | None


def total_of(book: ReviewedBook, wishes: Wishes, prices: PriceList) -> Total:
    """As the page says it; with a script it says so anew with every choice."""
    kept = [chapter for chapter in book.chapters if chapter.id in set(wishes.kept)]
    speed = min(max(SLOWEST, wishes.speed), FASTEST)  # anybody may have written the form
    seconds = sum(book.seconds(chapter) for chapter in kept) / speed
    cost = prices.cost(wishes.voice_id, sum(map(book.spoken_characters, kept)))
    return Total(seconds, cost, prices.unknown(wishes.voice_id))


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
