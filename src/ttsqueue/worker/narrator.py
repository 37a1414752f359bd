"""The handler that ttsqueue brings along: speaks books with its own engines."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from ttsqueue.costs.purse import Purse
from ttsqueue.engines.catalogue import VoiceCatalogue
from ttsqueue.jobs import ClaimedJob
from ttsqueue.provider import QueueProvider
from ttsqueue.result import JobResult
from ttsqueue.storage import Storage
from ttsqueue.uninterrupted import uninterrupted
from ttsqueue.worker.booths import Booths
from ttsqueue.worker.narration import narrate
from ttsqueue.worker.orphans import remove_files_of_a_deleted_job
from ttsqueue.worker.patience import Patience
from ttsqueue.worker.spoken_pieces import SpokenPieces
from ttsqueue.worker.studio import Reading, Studio

PIECES = "pieces"
"""The folder beside the drafts."""

_DRAFTS_KEPT = 24 * 3600.0
"""Seconds; no chapter takes a day."""


class Narrator:
    """Speaks any number of books side by side, `chapters_side_by_side` chapters of all of them at once."""

    def __init__(
        self,
        provider: QueueProvider,
        storage: Storage,
        voices: VoiceCatalogue,
        chapters_side_by_side: int,
        fallback: str | None = None,
        purse: Purse | None = None,
    ) -> None:
        booths = Booths(chapters_side_by_side, storage.drafts)
        patience = Patience("finished chapters wait to be recorded")
        pieces = SpokenPieces(storage.folder / PIECES)
        self._studio = Studio(provider, storage, booths, patience, voices, pieces, fallback, purse)
        self._voices = voices

    async def __aenter__(self) -> Self:
        await self._studio.storage.prepare()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._studio.booths.aclose()

    async def narrate(self, job: ClaimedJob) -> JobResult:
        """Speak one book; chapters that earlier attempts finished are kept.

        Raises UnknownVoice, TooCostly, LimitReached, EngineError, AudioError, LeaseLost.
        """
        await self._studio.storage.sweep_drafts(_DRAFTS_KEPT)
        await self._studio.pieces.sweep()
        try:
            return await narrate(self._studio, await self._reading(job))
        finally:
            await uninterrupted(remove_files_of_a_deleted_job(self._studio, job.id))

    async def _reading(self, job: ClaimedJob) -> Reading:
        voice_id = job.job.voice_id
        if voice_id is None:
            chosen = await self._voices.resolve(job.voice_settings.voice_id, job.payload.book.language)
            await self._studio.pay(job, chosen.id)
            frozen = await self._studio.patience(lambda: self._studio.provider.freeze_voice(job.lease, chosen.id))
            voice_id = frozen.voice_id or chosen.id
        voice = await self._voices.resolve(voice_id, job.payload.book.language)
        return Reading(job, voice, self._voices.engine_of(voice))
