"""What every book of a worker needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from ttsqueue.audio import AudioFormat
from ttsqueue.costs.purse import Purse
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
    purse: Purse | None = None

    async def pay(self, job: ClaimedJob, voice_id: str) -> None:
        """What was handed in through our doors is paid for; rows and BullMQ jobs also arrive past them."""
        if (purse := self.purse) is not None:
            await self.patience(lambda: purse.begin(job, voice_id))

    async def pay_again(self, user_id: str, voice_id: str, characters: int) -> None:
        """What has to be asked for once more."""
        if (purse := self.purse) is not None:
            await self.patience(lambda: purse.again(user_id, voice_id, characters))


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
        user_id, speed = self.job.job.user_id, self.job.voice_settings.speed
        return Speaker(user_id, voice, engine, speed, studio.pieces, partial(studio.pay_again, user_id, voice.id))

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
