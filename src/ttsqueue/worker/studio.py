"""What every book of a worker needs."""

from __future__ import annotations

from dataclasses import dataclass

from ttsqueue.audio import AudioFormat
from ttsqueue.engines.engine import Engine, Voice
from ttsqueue.jobs import ClaimedJob
from ttsqueue.provider import QueueProvider
from ttsqueue.storage import Storage
from ttsqueue.worker.booths import Booths
from ttsqueue.worker.patience import Patience


@dataclass(frozen=True, slots=True)
class Studio:
    """Shared by all books."""

    provider: QueueProvider
    storage: Storage
    booths: Booths
    patience: Patience


@dataclass(frozen=True, slots=True)
class Reading:
    """One book, and how it is read. Settled before the first word; the same for every chapter and attempt."""

    job: ClaimedJob
    voice: Voice
    engine: Engine

    @property
    def language(self) -> str:
        return self.job.payload.book.language or self.voice.language

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
