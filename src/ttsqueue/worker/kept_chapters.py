"""Chapters that earlier attempts have finished: they are never spoken again."""

from __future__ import annotations

from ttsqueue.result import FinishedChapter
from ttsqueue.worker.log import log
from ttsqueue.worker.studio import Reading, Studio


async def kept_chapters(studio: Studio, reading: Reading) -> dict[int, FinishedChapter]:
    """By index. A chapter whose file is missing or has another size is forgotten, and so spoken again.

    LeaseLost, StoreUnavailable.
    """
    job = reading.job
    records = await studio.patience(lambda: studio.provider.chapters(job.id))
    recorded = [record.finished for record in records if record.finished is not None]
    sizes = {file.id: file.size for file in await studio.storage.files_of(job.id)} if recorded else {}
    kept = {}
    for chapter in recorded:
        if sizes.get(chapter.audio_file_id, -1) == chapter.sound.get("size"):
            kept[chapter.index] = chapter
        else:
            await _forget(studio, reading, chapter.index)
    return kept


async def _forget(studio: Studio, reading: Reading, index: int) -> None:
    log.warning("job %s: the file of chapter %d is missing; it is spoken again", reading.job.id, index + 1)
    await studio.patience(lambda: studio.provider.forget_chapter(reading.job.lease, index))
