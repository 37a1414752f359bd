"""SqliteProvider: the whole queue in one file."""

from __future__ import annotations

import asyncio
from asyncio import Future
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from ttsqueue.activity import Activity
from ttsqueue.book import Payload
from ttsqueue.errors import StoreUnavailable, TTSQueueError
from ttsqueue.jobs import Claim, IdempotencyKey, Job, Lease, NewJob, Progress
from ttsqueue.listing import JobFilter, JobPage, QueueStats
from ttsqueue.moving import Departed, Departures, MovingJob
from ttsqueue.notes import Note
from ttsqueue.outcome import Outcome
from ttsqueue.provider import QueueProvider
from ttsqueue.providers.side_by_side import added_side_by_side
from ttsqueue.providers.sqlite import (
    claiming,
    counting,
    deciding,
    held,
    housekeeping,
    keys,
    moving,
    notes,
    paging,
    reading,
    settling,
    usage,
)
from ttsqueue.providers.sqlite.adding import Addition, adding_once, earlier_job
from ttsqueue.providers.sqlite.migrate import script, state_of_file
from ttsqueue.providers.sqlite.snapshot import Snapshot
from ttsqueue.providers.sqlite.store import Store
from ttsqueue.providers.sqlite.transaction import Transaction
from ttsqueue.records import Attempt, ChapterRecord, StateChange
from ttsqueue.result import FinishedChapter
from ttsqueue.schema_state import SchemaState
from ttsqueue.server_keys import ServerKey
from ttsqueue.workers import Worker

T = TypeVar("T")


class SqliteProvider(QueueProvider):
    """Any number of these, in any number of processes of one host, may share a file.

    Each belongs to the event loop that opened it, and not to a forked child. The file is made with mode 0600, its
    folder with 0700. `position` stops counting at 10,000. While the queue is paused `next_due` is None.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: Store | None = None

    async def open(self) -> None:
        if self._open is None:
            self._open = Store(self._path)
            try:
                await self._write(housekeeping.nothing)
            except BaseException:
                await self.aclose()
                raise

    async def schema_state(self) -> SchemaState:
        return await asyncio.to_thread(state_of_file, self._path)

    def schema_script(self) -> str:
        return script()

    async def aclose(self) -> None:
        store, self._open = self._open, None
        if store is not None:
            await store.aclose()

    async def add(self, job: NewJob, idempotency: IdempotencyKey | None = None) -> Job:
        return await self._write(adding_once(job, idempotency) if idempotency else Addition(job))

    async def add_many(self, jobs: Sequence[NewJob]) -> list[str | TTSQueueError]:
        return await added_side_by_side(self.add, jobs)

    async def earlier_job(self, user_id: str, idempotency: IdempotencyKey) -> Job | None:
        return await self._read(partial(earlier_job, user_id=user_id, idempotency=idempotency))

    async def get(self, job_id: str) -> Job:
        return await self._read(partial(reading.get, job_id=job_id))

    async def payload(self, job_id: str) -> Payload:
        return await self._read(partial(reading.payload, job_id=job_id))

    async def page(self, which: JobFilter, limit: int, cursor: str | None = None) -> JobPage:
        read = self._search if paging.may_take_long(which) else self._read
        return await read(partial(paging.page, which=which, limit=limit, cursor=cursor))

    async def count(self, which: JobFilter) -> int:
        return await self._search(partial(paging.count, which=which))

    async def chapters(self, job_id: str) -> list[ChapterRecord]:
        return await self._read(partial(reading.chapters, job_id=job_id))

    async def attempts(self, job_id: str) -> list[Attempt]:
        return await self._read(partial(reading.attempts, job_id=job_id))

    async def history(self, job_id: str) -> list[StateChange]:
        return await self._read(partial(reading.history, job_id=job_id))

    async def position(self, job_id: str) -> int | None:
        return await self._read(partial(reading.position, job_id=job_id))

    async def stats(self) -> QueueStats:
        return await self._read(reading.stats)

    async def waiting_since(self) -> datetime | None:
        return await self._read(reading.waiting_since)

    async def activity(self, span: timedelta, buckets: int) -> Activity:
        return await self._search(partial(counting.activity, span=span, buckets=buckets))

    async def characters_since(self, user_id: str, span: timedelta) -> int:
        return await self._read(partial(usage.characters_since, user_id=user_id, span=span))

    async def claim(self, worker: str, limit: int = 1) -> list[Claim]:
        return await self._write(partial(claiming.claim, worker=worker, limit=limit))

    async def next_due(self) -> timedelta | None:
        return await self._read(reading.next_due)

    async def wait_for_work(self, timeout: float) -> None:
        await self._store.waiting.wait(timeout)

    async def heartbeat(self, leases: Collection[Lease]) -> frozenset[Lease]:
        return await self._write(partial(held.heartbeat, leases=leases))

    async def lost(self, leases: Collection[Lease]) -> frozenset[Lease]:
        return await self._read(partial(reading.lost, leases=leases))

    async def update_progress(self, lease: Lease, progress: Progress) -> Job:
        return await self._write(partial(held.update_progress, lease=lease, progress=progress))

    async def freeze_voice(self, lease: Lease, voice_id: str) -> Job:
        return await self._write(partial(held.freeze_voice, lease=lease, voice_id=voice_id))

    async def save_chapter(self, lease: Lease, chapter: FinishedChapter) -> Job:
        return await self._write(partial(held.save_chapter, lease=lease, chapter=chapter))

    async def forget_chapter(self, lease: Lease, index: int) -> None:
        await self._write(partial(held.forget_chapter, lease=lease, index=index))

    async def settle(self, lease: Lease, outcome: Outcome, silent_for: timedelta | None = None) -> Job:
        return await self._write(partial(settling.settle, lease=lease, outcome=outcome, silent_for=silent_for))

    async def cancel(self, job_id: str) -> Job:
        return await self._write(partial(deciding.cancel, job_id=job_id))

    async def retry(self, job_id: str) -> Job:
        return await self._write(partial(deciding.retry, job_id=job_id))

    async def delete(self, job_id: str) -> None:
        await self._write(partial(deciding.delete, job_id=job_id))

    async def stuck(self, silent_for: timedelta, limit: int = 100) -> Sequence[Claim]:
        return await self._read(partial(reading.stuck, silent_for=silent_for, limit=limit))

    async def prune(self) -> None:
        await self._write(housekeeping.prune)

    async def register_worker(self, worker: Worker) -> None:
        await self._write(partial(housekeeping.register_worker, worker=worker))

    async def worker_alive(self, instance: str) -> bool:
        return await self._write(partial(housekeeping.worker_alive, instance=instance))

    async def remove_worker(self, instance: str) -> None:
        await self._write(partial(housekeeping.remove_worker, instance=instance))

    async def workers(self) -> list[Worker]:
        return await self._read(reading.workers)

    async def claims_of(self, worker: str) -> list[Claim]:
        return await self._read(partial(reading.claims_of, worker=worker))

    async def add_key(self, key: ServerKey) -> None:
        await self._write(partial(keys.add_key, key=key))

    async def key_with(self, digest: str) -> ServerKey | None:
        return await self._read(partial(keys.key_with, digest=digest))

    async def keys(self) -> list[ServerKey]:
        return await self._read(keys.keys)

    async def remove_key(self, name: str) -> bool:
        return await self._write(partial(keys.remove_key, name=name))

    async def set_paused(self, paused: bool) -> None:
        await self._write(partial(housekeeping.set_paused, paused=paused))

    async def is_paused(self) -> bool:
        return await self._read(reading.is_paused)

    async def note(self, name: str) -> Note:
        return await self._read(partial(notes.note, name=name))

    async def write_note(self, name: str, text: str, version: int) -> bool:
        return await self._write(partial(notes.write_note, name=name, text=text, version=version))

    async def take_out(self, to: str, after: int = 0, limit: int = 100) -> Departures:
        return await self._write(partial(moving.take_out, to=to, after=after, limit=limit))

    async def departed(self) -> list[Departed]:
        return await self._read(moving.departed)

    async def departing(self, job_id: str) -> MovingJob | None:
        return await self._read(partial(moving.departing, job_id=job_id))

    async def arrive(self, job: MovingJob) -> str | None:
        return await self._write(partial(moving.arrive, moving=job))

    async def gone(self, leases: Collection[Lease]) -> None:
        await self._write(partial(moving.gone, leases=leases))

    async def close_arrivals(self, leases: Collection[Lease]) -> None:
        await self._write(partial(moving.close_arrivals, leases=leases))

    async def come_back(self, lease: Lease) -> bool:
        return await self._write(partial(moving.come_back, lease=lease))

    def changes(self) -> AsyncGenerator[frozenset[str], None]:
        return self._store.watching.changes()

    @property
    def _store(self) -> Store:
        if self._open is None:
            raise StoreUnavailable(f"The job store {self._path} is not open; call open() before using it.")
        return self._open

    def _write(self, work: Callable[[Transaction], T]) -> Future[T]:
        return self._store.writing.run(work)

    def _read(self, work: Callable[[Snapshot], T]) -> Future[T]:
        return self._store.reading.run(work)

    def _search(self, work: Callable[[Snapshot], T]) -> Future[T]:
        return self._store.searching.run(work)
