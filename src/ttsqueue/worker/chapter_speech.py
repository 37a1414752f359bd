"""One chapter: text in pieces -> engine -> encoder -> storage -> store."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from ttsqueue.audio import ChapterEncoder, ChapterSound, Encoder
from ttsqueue.books.sentences import pieces
from ttsqueue.errors import EngineError, LeaseLost
from ttsqueue.result import FinishedChapter
from ttsqueue.storage import audio_file_id
from ttsqueue.text import has_words
from ttsqueue.worker.passages import Passage
from ttsqueue.worker.spoken_pieces import SpokenPieces, piece_name
from ttsqueue.worker.studio import Reading, Studio
from ttsqueue.worker.uninterrupted import uninterrupted

PIECES = "pieces"
"""The folder beside the drafts."""


@dataclass(frozen=True, slots=True)
class ChapterSpeech:
    """Speaks one passage. `on_spoken` hears how many characters each piece had."""

    studio: Studio
    reading: Reading
    passage: Passage
    on_spoken: Callable[[int], None]

    @property
    def pieces(self) -> SpokenPieces:
        return SpokenPieces(self.studio.storage.folder / PIECES)

    async def speak(self, encoder: Encoder) -> FinishedChapter:
        """Speak, publish and record it. Cancelling stops it in mid-sentence and leaves nothing behind.

        Raises EngineError, AudioError, LeaseLost.
        """
        draft = self.studio.storage.draft(self.reading.chapter_suffix)
        try:
            sound = await self._record(encoder, draft)
            # What is as good as done is kept, also when the worker stops just now.
            return await uninterrupted(self._keep(draft, sound))
        finally:
            draft.unlink(missing_ok=True)

    async def _record(self, encoder: Encoder, draft: Path) -> ChapterSound:
        engine = self.reading.engine
        async with encoder.chapter(draft, self.reading.audio_format, engine.sample_rate) as recording:
            if has_words(self.passage.text):
                await self._speak_into(recording)
            return await recording.finish()

    async def _speak_into(self, recording: ChapterEncoder) -> None:
        text, voice, position = self.passage.text, self.reading.voice.name, 0
        speed = self.reading.job.voice_settings.speed
        for piece in pieces(text, self.reading.language, self.reading.engine.max_characters):
            self._check(text.startswith(piece, position))
            async with aclosing(self._sound_of(piece, voice, speed)) as sound:
                async for pcm in sound:
                    await recording.write(pcm)
            position += len(piece)
            self.on_spoken(len(piece))
        self._check(position == len(text))

    async def _sound_of(self, piece: str, voice: str, speed: float) -> AsyncGenerator[bytes, None]:
        """What is costly is spoken once, and then kept."""
        if not self.reading.engine.is_costly:
            async with aclosing(self.reading.engine.speak(piece, voice, speed)) as speech:
                async for pcm in speech:
                    yield pcm
            return
        name = piece_name(self.reading, piece)
        kept = await self.pieces.find(name)
        if kept is None:
            async with aclosing(self.reading.engine.speak(piece, voice, speed)) as speech:
                kept = b"".join([part async for part in speech])
            await self.pieces.keep(name, kept)
        yield kept

    def _check(self, complete: bool) -> None:
        """Better no book than one with a hole in it."""
        if not complete:
            message = f"Text of chapter {self.passage.index + 1} got lost on its way to the voice; nothing was kept."
            raise EngineError(message, code="LOST_TEXT", retryable=False)

    async def _keep(self, draft: Path, sound: ChapterSound) -> FinishedChapter:
        lease = self.reading.job.lease
        file_id = audio_file_id(lease, f"c{self.passage.index + 1:04}", self.reading.chapter_suffix)
        await self.studio.storage.publish(draft, file_id)
        chapter = finished_chapter(self.passage.index, file_id, sound)
        try:
            await self.studio.patience(lambda: self.studio.provider.save_chapter(lease, chapter))
        except LeaseLost:
            await self.studio.storage.delete(file_id)
            raise
        return chapter


def finished_chapter(index: int, file_id: str, sound: ChapterSound) -> FinishedChapter:
    """The record of a chapter, with what joining needs again."""
    measured: dict[str, float] = {"samples": sound.samples, "sample_rate": sound.sample_rate, "size": sound.size}
    if sound.loudness is not None:
        measured["loudness"] = sound.loudness
    return FinishedChapter(index, file_id, sound.duration, sound.silent, measured)


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
