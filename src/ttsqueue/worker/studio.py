"""What every book of a worker needs."""

from __future__ import annotations

from dataclasses import dataclass

from ttsqueue.audio import AudioFormat
from ttsqueue.engines.catalogue import VoiceCatalogue
from ttsqueue.engines.engine import Engine, Voice
from ttsqueue.jobs import ClaimedJob
from ttsqueue.provider import QueueProvider
from ttsqueue.storage import Storage
from ttsqueue.worker.booths import Booths
from ttsqueue.worker.patience import Patience
from ttsqueue.worker.speaker import Speaker
from ttsqueue.worker.spoken_pieces import SpokenPieces
from ttsqueue.worker.stand_in import stand_in_for


@dataclass(frozen=True, slots=True)
class Studio:
    """Shared by all books."""

    provider: QueueProvider
    storage: Storage
    booths: Booths
    patience: Patience
    voices: VoiceCatalogue
    pieces: SpokenPieces
    fallback: str | None = None
    """The voice or engine that speaks what a book's own voice cannot."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One book, and how it is read. Settled before the first word; the same for every chapter and attempt."""

    job: ClaimedJob
    voice: Voice
    engine: Engine

    @property
    def language(self) -> str:
        return self.job.payload.book.language or self.voice.language

    def speaker(self, studio: Studio) -> Speaker:
        return self._speaker(studio, self.voice, self.engine)

    async def stand_in(self, studio: Studio) -> Speaker | None:
        """Who speaks what the book's voice cannot."""
        if studio.fallback is None:
            return None
        voice = await stand_in_for(self.voice, studio.fallback, self.language, studio.voices)
        return None if voice is None else self._speaker(studio, voice, studio.voices.engine_of(voice))

    def _speaker(self, studio: Studio, voice: Voice, engine: Engine) -> Speaker:
        speed = self.job.voice_settings.speed
        return Speaker(self.job.job.user_id, voice, engine, speed, studio.pieces)

    @property
    def audio_format(self) -> AudioFormat:
        return AudioFormat(self.job.payload.book.audio_format)

    @property
    def chapter_suffix(self) -> str:
        """Without the dot, as storage wants it."""
        return self.audio_format.chapter_suffix.removeprefix(".")

    @property
    def book_suffix(self) -> str:
        return self.audio_format.book_suffix.removeprefix(".")
