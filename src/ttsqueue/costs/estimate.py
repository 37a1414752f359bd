"""What a book will take: time to listen, calls, money. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ttsqueue.book import Chapter
from ttsqueue.costs.calls import calls_of_each
from ttsqueue.costs.price_list import PriceList
from ttsqueue.engines.engine import Engine, Voice
from ttsqueue.engines.estimate import estimate_seconds
from ttsqueue.jobs import JobType, NewJob
from ttsqueue.submission import SAMPLE_CHARACTERS
from ttsqueue.text import has_words


@dataclass(frozen=True, slots=True)
class Estimate:
    """Nothing is subtracted for sound that is kept from earlier, and nothing added for what must be asked for again."""

    voice_id: str
    chapters: int
    characters: int
    calls: int
    seconds: float
    cost: float | None
    """In the currency of servers.toml; None when the voice costs nothing, or when what it costs is unknown."""
    cost_unknown: str | None
    """Why, in a sentence; None when it is known."""
    by_server: bool
    """A TTS server gets the calls; others stay on this machine."""


def estimate(job: NewJob, voice: Voice, engine: Engine, prices: PriceList) -> Estimate:
    """Of a job as `voice` will speak it. It may take a tenth of a second."""
    texts = spoken_texts(job.chapters, job.job_type)
    characters = sum(map(len, texts))
    language = job.book.language or voice.language
    return Estimate(
        voice_id=voice.id,
        chapters=len(job.chapters),
        characters=characters,
        calls=sum(calls_of_each(texts, language, engine.max_characters)),
        seconds=estimate_seconds(characters, job.voice_settings.speed, language),
        cost=prices.cost(voice.id, characters),
        cost_unknown=prices.unknown(voice.id),
        by_server=prices.serves(voice.id),
    )


def spoken_texts(chapters: Iterable[Chapter], job_type: JobType) -> list[str]:
    """Of each chapter that is spoken; of a sample, the beginning of all of them."""
    texts = [chapter.text for chapter in chapters if has_words(chapter.text)]
    return ["".join(texts)[:SAMPLE_CHARACTERS]] if job_type is JobType.SAMPLE else texts


def spoken_characters(chapters: Iterable[Chapter], job_type: JobType) -> int:
    """What a voice is paid for."""
    return sum(map(len, spoken_texts(chapters, job_type)))
