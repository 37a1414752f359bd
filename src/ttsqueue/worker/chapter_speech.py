"""One chapter: text in pieces -> engine -> encoder -> storage -> store."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ttsqueue.audio import ChapterEncoder, ChapterSound, Encoder
from ttsqueue.books.sentences import pieces
from ttsqueue.contract import substitutions_from_json, substitutions_to_json
from ttsqueue.errors import EngineError, LeaseLost
from ttsqueue.result import FinishedChapter, Substitution
from ttsqueue.storage import audio_file_id
from ttsqueue.text import has_words
from ttsqueue.uninterrupted import uninterrupted
from ttsqueue.worker.log import log
from ttsqueue.worker.passages import Passage
from ttsqueue.worker.patient_reader import PatientReader
from ttsqueue.worker.speaker import may_be_the_text
from ttsqueue.worker.studio import Reading, Studio

Say = Callable[[str], AsyncGenerator[bytes, None]]


@dataclass(slots=True)
class ChapterSpeech:
    """Speaks one passage. `on_spoken` hears how many characters each piece had."""

    studio: Studio
    reading: Reading
    passage: Passage
    on_spoken: Callable[[int], None]
    _position: int = 0

    async def speak(self, encoder: Encoder) -> FinishedChapter:
        """Speak, publish and record it. Cancelling stops it in mid-sentence and leaves nothing behind.

        Raises EngineError, AudioError, LeaseLost.
        """
        draft = self.studio.storage.draft(self.reading.chapter_suffix)
        try:
            chapter = await self._spoken(encoder, draft)
            # What is as good as done is kept, also when the worker stops just now.
            return await uninterrupted(self._keep(draft, *chapter))
        finally:
            draft.unlink(missing_ok=True)

    async def _spoken(self, encoder: Encoder, draft: Path) -> tuple[ChapterSound, list[Substitution]]:
        """Fast engines stream, and a chapter whose stream went wrong is read again with patience, once."""
        speaker = self.reading.speaker(self.studio)
        if not self.reading.engine.is_costly:
            try:
                return await self._record(encoder, draft, speaker.stream), []
            except EngineError as error:
                if not may_be_the_text(error):
                    raise
                log.warning("job %s: %s in chapter %d", self.reading.job.id, error.code, self.passage.index + 1)
        reader = PatientReader(speaker, self.reading.language, lambda: self.reading.stand_in(self.studio))
        return await self._record(encoder, draft, reader.read), reader.substitutions

    async def _record(self, encoder: Encoder, draft: Path, say: Say) -> ChapterSound:
        engine = self.reading.engine
        async with encoder.chapter(draft, self.reading.audio_format, engine.sample_rate) as recording:
            if has_words(self.passage.text):
                await self._speak_into(recording, say)
            return await recording.finish()

    async def _speak_into(self, recording: ChapterEncoder, say: Say) -> None:
        self._went_on(-self._position)
        text = self.passage.text
        for piece in pieces(text, self.reading.language, self.reading.engine.max_characters):
            self._check(text.startswith(piece, self._position))
            async with aclosing(say(piece)) as sound:
                async for pcm in sound:
                    await recording.write(pcm)
            self._went_on(len(piece))
        self._check(self._position == len(text))

    def _went_on(self, characters: int) -> None:
        self._position += characters
        if characters:
            self.on_spoken(characters)

    def _check(self, complete: bool) -> None:
        """Better no book than one with a hole in it."""
        if not complete:
            message = f"Text of chapter {self.passage.index + 1} got lost on its way to the voice; nothing was kept."
            raise EngineError(message, code="LOST_TEXT", retryable=False)

    async def _keep(self, draft: Path, sound: ChapterSound, substitutions: Sequence[Substitution]) -> FinishedChapter:
        lease = self.reading.job.lease
        file_id = audio_file_id(lease, f"c{self.passage.index + 1:04}", self.reading.chapter_suffix)
        await self.studio.storage.publish(draft, file_id)
        chapter = finished_chapter(self.passage.index, file_id, sound, substitutions)
        try:
            await self.studio.patience(lambda: self.studio.provider.save_chapter(lease, chapter))
        except LeaseLost:
            await self.studio.storage.delete(file_id)
            raise
        return chapter


def finished_chapter(
    index: int, file_id: str, sound: ChapterSound, substitutions: Sequence[Substitution] = ()
) -> FinishedChapter:
    """The record of a chapter, with what joining needs again."""
    about: dict[str, Any] = {"samples": sound.samples, "sample_rate": sound.sample_rate, "size": sound.size}
    if sound.loudness is not None:
        about["loudness"] = sound.loudness
    if substitutions:
        about["substitutions"] = substitutions_to_json(substitutions)
    return FinishedChapter(index, file_id, sound.duration, sound.silent, about)


def substitutions_of(chapter: FinishedChapter) -> tuple[Substitution, ...]:
    """What another voice spoke."""
    return substitutions_from_json(chapter.sound.get("substitutions", ()))


def sound_of(chapter: FinishedChapter) -> ChapterSound:
    """The other way round. KeyError when it was not recorded by us."""
    return ChapterSound(
        duration=chapter.duration,
        samples=int(chapter.sound["samples"]),
        sample_rate=int(chapter.sound["sample_rate"]),
        loudness=chapter.sound.get("loudness"),
        silent=chapter.silent,
        size=int(chapter.sound["size"]),
    )
