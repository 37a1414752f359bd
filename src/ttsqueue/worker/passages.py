"""What of a job is spoken. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ttsqueue.book import Chapter
from ttsqueue.books.sentences import pieces
from ttsqueue.jobs import ClaimedJob, JobType
from ttsqueue.submission import SAMPLE_CHARACTERS
from ttsqueue.text import has_words

_SHORTEST_REST = 200
"""A sample goes on into the next chapter only when there is room for about a sentence."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The text of one chapter, as far as it is spoken. `index` is the chapter's 0-based place in the job."""

    index: int
    chapter: Chapter
    text: str


def passages_of(job: ClaimedJob) -> tuple[Passage, ...]:
    """All chapters; of a sample, the first characters up to the end of a sentence."""
    if job.job.job_type is JobType.SAMPLE:
        return tuple(_sample(job.chapters, job.payload.book.language))
    return tuple(Passage(index, chapter, chapter.text) for index, chapter in enumerate(job.chapters))


def _sample(chapters: tuple[Chapter, ...], language: str) -> Iterator[Passage]:
    room = SAMPLE_CHARACTERS
    for index, chapter in enumerate(chapters):
        if has_words(chapter.text):
            text = next(iter(pieces(chapter.text, language, room)))
            yield Passage(index, chapter, text)
            room -= len(text)
            if room < _SHORTEST_REST or len(text) < len(chapter.text):
                return
