"""One book: which chapters, side by side, then all of them together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from ttsqueue.audio import Encoder
from ttsqueue.beside import beside
from ttsqueue.errors import AudioError, EngineError
from ttsqueue.jobs import JobType
from ttsqueue.result import FinishedChapter, JobResult
from ttsqueue.worker.assembly import joined_book, loose_chapters
from ttsqueue.worker.chapter_speech import ChapterSpeech
from ttsqueue.worker.kept_chapters import kept_chapters
from ttsqueue.worker.orphans import remove_orphans
from ttsqueue.worker.passages import Passage, passages_of
from ttsqueue.worker.progress import ProgressReport
from ttsqueue.worker.studio import Reading, Studio


async def narrate(studio: Studio, reading: Reading) -> JobResult:
    """Speak what is not spoken yet and put the book together.

    Raises EngineError, AudioError, LeaseLost; finished chapters stay in every case.
    """
    passages = passages_of(reading.job)
    finished = await kept_chapters(studio, reading)
    report = ProgressReport(studio, reading, passages, finished.keys())
    async with beside(report.keep_writing()):
        await Narration(studio, reading, report, finished).speak(passages)
        spoken = [(passage.chapter, finished[passage.index]) for passage in passages]
        if reading.job.job.job_type is not JobType.FULL_BOOK:
            result = loose_chapters(spoken)
        else:
            report.joining()
            result = await joined_book(studio, reading, spoken)
    await remove_orphans(studio.storage, reading.job.lease, result)
    return result


class Narration:
    """The chapters of one book that are being spoken. `finished` is filled in."""

    def __init__(
        self, studio: Studio, reading: Reading, report: ProgressReport, finished: dict[int, FinishedChapter]
    ) -> None:
        self._studio = studio
        self._reading = reading
        self._report = report
        self._finished = finished
        self._failure: Exception | None = None

    async def speak(self, passages: Sequence[Passage]) -> None:
        """Speak what is unfinished, in order, as many at once as there are booths.

        After a failed or lost attempt the first chapter goes alone: only it tells a book that moves forward from
        one that fails at the same place for ever, and no luckier chapter may be lost with it.
        """
        unfinished = [passage for passage in passages if passage.index not in self._finished]
        alone = 1 if self._reading.job.job.attempts > 1 else 0
        await self._speak_side_by_side(unfinished[:alone])
        await self._speak_side_by_side(unfinished[alone:])

    async def _speak_side_by_side(self, passages: Sequence[Passage]) -> None:
        """After an error that may pass, chapters under way are finished first; any other stops them at once."""
        try:
            async with asyncio.TaskGroup() as chapters:
                for passage in passages:
                    booth = await self._studio.booths.take()
                    if self._failure is not None:
                        self._studio.booths.give_back(booth)
                        break
                    chapter = chapters.create_task(self._speak_in(booth, passage))
                    # A callback, since a chapter that is cancelled before its first step runs no finally.
                    chapter.add_done_callback(partial(self._leave, booth))
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
        if self._failure is not None:
            raise self._failure

    async def _speak_in(self, booth: Encoder, passage: Passage) -> None:
        speech = ChapterSpeech(self._studio, self._reading, passage, self._report.spoken)
        try:
            self._finished[passage.index] = await speech.speak(booth)
        except (EngineError, AudioError) as error:
            if isinstance(error, EngineError) and not error.retryable:
                raise
            self._failure = self._failure or error
        else:
            self._report.finished(passage.index)

    def _leave(self, booth: Encoder, _: asyncio.Task[None]) -> None:
        self._studio.booths.give_back(booth)
