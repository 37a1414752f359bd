"""An older state of the store is put back, from a backup, or since its last seconds were lost. The sound stays."""

from __future__ import annotations

import shutil
from pathlib import Path

from ttsqueue.jobs import JobStatus
from ttsqueue.storage import LocalStorage

from .at_work import Studio, final, opened, outcomes
from .samples import book
from .tone_engine import ToneEngine


async def test_a_book_is_spoken_anew_beside_the_sound_of_its_lost_attempt(
    store: Path, storage: LocalStorage, tone: ToneEngine
) -> None:
    async with opened(store) as queue:
        job_id = await queue.add_job(book(2))
    shutil.copy(store, store.with_suffix(".backup"))
    async with opened(store) as queue, Studio(queue, storage, [tone]).narrating():
        await final(queue, job_id)
    for name in ("db-wal", "db-shm"):
        store.with_suffix(f".{name}").unlink(missing_ok=True)
    shutil.copy(store.with_suffix(".backup"), store)
    async with opened(store) as queue, Studio(queue, storage, [tone]).narrating():
        job = await final(queue, job_id)
        assert job.status is JobStatus.COMPLETED
        assert await outcomes(queue, job_id) == ["completed"]
