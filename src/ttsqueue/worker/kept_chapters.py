"""Chapters that earlier attempts have finished: they are never spoken again."""

from __future__ import annotations

import asyncio

from ttsqueue.errors import AudioError
from ttsqueue.result import FinishedChapter
from ttsqueue.storage import LocalStorage
from ttsqueue.worker.log import log
from ttsqueue.worker.studio import Reading, Studio


async def kept_chapters(studio: Studio, reading: Reading) -> dict[int, FinishedChapter]:
    """By index. A chapter whose file is missing or has another size is forgotten, and so spoken again. LeaseLost."""
    job = reading.job
    records = await studio.patience(lambda: studio.provider.chapters(job.id))
    recorded = [record.finished for record in records if record.finished is not None]
    whole = await asyncio.to_thread(lambda: [_is_whole(studio.storage, chapter) for chapter in recorded])
    for chapter, is_whole in zip(recorded, whole, strict=True):
        if not is_whole:
            await _forget(studio, reading, chapter.index)
    return {chapter.index: chapter for chapter, is_whole in zip(recorded, whole, strict=True) if is_whole}


async def _forget(studio: Studio, reading: Reading, index: int) -> None:
    log.warning("job %s: the file of chapter %d is missing; it is spoken again", reading.job.id, index + 1)
    await studio.patience(lambda: studio.provider.forget_chapter(reading.job.lease, index))


def _is_whole(storage: LocalStorage, chapter: FinishedChapter) -> bool:
    try:
        return storage.path(chapter.audio_file_id).stat().st_size == chapter.sound.get("size")
    except (OSError, AudioError):
        return False
