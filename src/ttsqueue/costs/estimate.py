"""What a book will take: time to listen, calls, money. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from ttsqueue.book import Chapter
from ttsqueue.costs.price_list import PriceList
from ttsqueue.engines.engine import Engine, Voice
from ttsqueue.engines.estimate import estimate_seconds
from ttsqueue.jobs import JobType, NewJob
from ttsqueue.submission import SAMPLE_CHARACTERS
from ttsqueue.text import has_words

_FULL = 0.9
"""Pieces end with a sentence, so that a call carries about this share of what it could."""


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
    """Of a job as `voice` will speak it."""
    lengths = spoken_lengths(job.chapters, job.job_type)
    characters = sum(lengths)
    return Estimate(
        voice_id=voice.id,
        chapters=len(job.chapters),
        characters=characters,
        calls=sum(calls_for(length, engine.max_characters) for length in lengths),
        seconds=estimate_seconds(characters, job.voice_settings.speed, job.book.language or voice.language),
        cost=prices.cost(voice.id, characters),
        cost_unknown=prices.unknown(voice.id),
        by_server=prices.serves(voice.id),
    )


def spoken_lengths(chapters: Iterable[Chapter], job_type: JobType) -> list[int]:
    """Characters of each chapter that is spoken; of a sample, of its beginning."""
    lengths = [len(chapter.text) for chapter in chapters if has_words(chapter.text)]
    return [min(sum(lengths), SAMPLE_CHARACTERS)] if job_type is JobType.SAMPLE else lengths


def calls_for(characters: int, most: int) -> int:
    """For one chapter, when a call takes `most` characters."""
    return 1 if characters <= most else math.ceil(characters / (most * _FULL))
