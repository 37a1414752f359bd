"""PostgresProvider: the whole queue in one database."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from ttsqueue.activity import Activity
from ttsqueue.book import Payload
from ttsqueue.errors import DuplicateJob, StoreUnavailable, TTSQueueError
from ttsqueue.jobs import Claim, IdempotencyKey, Job, Lease, NewJob, Progress
from ttsqueue.listing import JobFilter, JobPage, QueueStats
from ttsqueue.moving import Departed, Departures, MovingJob
from ttsqueue.notes import Note
from ttsqueue.outcome import Outcome
from ttsqueue.provider import QueueProvider
from ttsqueue.providers.postgres import counting, housekeeping, moving, notes, paging, reading
from ttsqueue.providers.postgres.adding import (
    adding,
    adding_many,
    adding_once,
    described,
    described_or_not,
    duplicate,
    in_portions,
)
from ttsqueue.providers.postgres.claiming import claiming
from ttsqueue.providers.postgres.condition import Condition, condition
from ttsqueue.providers.postgres.connection import connect
from ttsqueue.providers.postgres.deciding import cancelling, deleting, retrying
from ttsqueue.providers.postgres.held import (
    forgetting_chapter,
    freezing_voice,
    heartbeat,
    saving_chapter,
    updating_progress,
)
from ttsqueue.providers.postgres.migrate import schema_state
from ttsqueue.providers.postgres.operation import Operation, Values
from ttsqueue.providers.postgres.reader import Reader
from ttsqueue.providers.postgres.settling import settling
from ttsqueue.providers.postgres.sql import schema
from ttsqueue.providers.postgres.store import Store
from ttsqueue.records import Attempt, ChapterRecord, StateChange
from ttsqueue.result import FinishedChapter
from ttsqueue.schema_state import SchemaState
from ttsqueue.server_keys import ServerKey
from ttsqueue.workers import Worker

T = TypeVar("T")

_MOST_TRIES = 8


class PostgresProvider(QueueProvider):
    """Any number of these, in any number of processes and hosts, may share a database.

    Each belongs to the event loop that opened it, and not to a forked child. `position` stops counting at 10,000.
    While the queue is paused `next_due` is None.
    """

    def __init__(self, url: str) -> None:
        """`url` is what libpq takes: postgresql://user:password@host:port/database."""
        self._url = url
        self._open: Store | None = None

    async def open(self) -> None:
        if self._open is None:
            self._open = Store(self._url)
            try:
                await self._open.open()
            except BaseException:
                await self.aclose()
                raise

    async def schema_state(self) -> SchemaState:
        async with await connect(self._url) as connection:
            return await schema_state(connection)

    def schema_script(self) -> str:
        return schema()

    async def condition(self) -> Condition:
        """For whoever looks after the database. StoreUnavailable."""
        return await condition(self._store)

    async def aclose(self) -> None:
        store, self._open = self._open, None
        if store is not None:
            await store.aclose()

    async def add_many(self, jobs: Sequence[NewJob]) -> list[str | TTSQueueError]:
        outcomes: list[Values | TTSQueueError] = [described_or_not(job) for job in jobs]
        added: set[str] = set()
        for portion in in_portions([values for values in outcomes if not isinstance(values, TTSQueueError)]):
            ids = await self._store.writing.run(adding_many(portion))
            added.update(ids)
        return [
            values if isinstance(values, TTSQueueError) else await self._outcome(job, values, added)
            for job, values in zip(jobs, outcomes, strict=True)
        ]

    async def _outcome(self, job: NewJob, values: Values, added: Collection[str]) -> str | TTSQueueError:
        """Who is missing among the added has a twin, which may have ended meanwhile."""
        job_id = str(values["id"])
        if job_id in added:
            return job_id
        try:
            return (await self.add(job)).id
        except DuplicateJob as refusal:
            return refusal

    async def add(self, job: NewJob, idempotency: IdempotencyKey | None = None) -> Job:
        values = described(job)
        for _ in range(_MOST_TRIES):
            operation = adding_once(values, idempotency) if idempotency else adding(job, values)
            if added := await self._store.writing.run(operation):
                return added
            if refusal := duplicate(await self._reader.all("active_job", values)):
                if refusal.job_id == str(values["id"]):  # it was added, and then the answer went wrong
                    return await self.get(refusal.job_id)
                raise refusal
        raise StoreUnavailable("Jobs for this book come and go faster than one can be added; try again.")

    async def earlier_job(self, user_id: str, idempotency: IdempotencyKey) -> Job | None:
        return await reading.earlier_job(self._reader, user_id, idempotency)

    async def get(self, job_id: str) -> Job:
        return await reading.get(self._reader, job_id)

    async def payload(self, job_id: str) -> Payload:
        return await reading.payload(self._reader, job_id)

    async def page(self, which: JobFilter, limit: int, cursor: str | None = None) -> JobPage:
        return await paging.page(self._reader, which, limit, cursor)

    async def count(self, which: JobFilter) -> int:
        return await paging.count(self._reader, which)

    async def chapters(self, job_id: str) -> list[ChapterRecord]:
        return await reading.chapters(self._reader, job_id)

    async def attempts(self, job_id: str) -> list[Attempt]:
        return await reading.attempts(self._reader, job_id)

    async def history(self, job_id: str) -> list[StateChange]:
        return await reading.history(self._reader, job_id)

    async def position(self, job_id: str) -> int | None:
        return await reading.position(self._reader, job_id)

    async def stats(self) -> QueueStats:
        return await reading.stats(self._reader)

    async def waiting_since(self) -> datetime | None:
        return await reading.waiting_since(self._reader)

    async def activity(self, span: timedelta, buckets: int) -> Activity:
        return await counting.activity(self._reader, span, buckets)

    async def characters_since(self, user_id: str, span: timedelta) -> int:
        return await reading.characters_since(self._reader, user_id, span)

    async def claim(self, worker: str, limit: int = 1) -> list[Claim]:
        return await self._store.writing.run(claiming(worker, limit))

    async def next_due(self) -> timedelta | None:
        return await reading.next_due(self._reader)

    async def wait_for_work(self, timeout: float) -> None:
        await self._store.waiting.wait(timeout)

    async def heartbeat(self, leases: Collection[Lease]) -> frozenset[Lease]:
        return await self._store.writing.run(heartbeat(leases))

    async def lost(self, leases: Collection[Lease]) -> frozenset[Lease]:
        return await reading.lost(self._reader, leases)

    async def update_progress(self, lease: Lease, progress: Progress) -> Job:
        return await self._store.writing.run(updating_progress(lease, progress))

    async def freeze_voice(self, lease: Lease, voice_id: str) -> Job:
        return await self._store.writing.run(freezing_voice(lease, voice_id))

    async def save_chapter(self, lease: Lease, chapter: FinishedChapter) -> Job:
        return await self._store.writing.run(saving_chapter(lease, chapter))

    async def forget_chapter(self, lease: Lease, index: int) -> None:
        await self._store.writing.run(forgetting_chapter(lease, index))

    async def settle(self, lease: Lease, outcome: Outcome, silent_for: timedelta | None = None) -> Job:
        return await self._store.writing.run(settling(lease, outcome, silent_for))

    async def cancel(self, job_id: str) -> Job:
        return await self._store.writing.run(cancelling(job_id))

    async def retry(self, job_id: str) -> Job:
        return await self._store.writing.run(retrying(job_id))

    async def delete(self, job_id: str) -> None:
        await self._store.writing.run(deleting(job_id))

    async def stuck(self, silent_for: timedelta, limit: int = 100) -> Sequence[Claim]:
        return await reading.stuck(self._reader, silent_for, limit)

    async def prune(self) -> None:
        await self._store.writing.run(housekeeping.pruning())

    async def register_worker(self, worker: Worker) -> None:
        await self._store.writing.run(housekeeping.registering_worker(worker))

    async def worker_alive(self, instance: str) -> bool:
        return await self._store.writing.run(housekeeping.keeping_worker_alive(instance))

    async def remove_worker(self, instance: str) -> None:
        await self._store.writing.run(housekeeping.removing_worker(instance))

    async def workers(self) -> list[Worker]:
        return await reading.workers(self._reader)

    async def claims_of(self, worker: str) -> list[Claim]:
        return await reading.claims_of(self._reader, worker)

    async def add_key(self, key: ServerKey) -> None:
        await self._store.writing.run(housekeeping.adding_key(key))

    async def key_with(self, digest: str) -> ServerKey | None:
        return await reading.key_with(self._reader, digest)

    async def keys(self) -> list[ServerKey]:
        return await reading.keys(self._reader)

    async def remove_key(self, name: str) -> bool:
        return await self._store.writing.run(housekeeping.removing_key(name))

    async def set_paused(self, paused: bool) -> None:
        await self._store.writing.run(housekeeping.pausing(paused))

    async def is_paused(self) -> bool:
        return await reading.is_paused(self._reader)

    async def note(self, name: str) -> Note:
        return await notes.note(self._reader, name)

    async def write_note(self, name: str, text: str, version: int) -> bool:
        return await self._store.writing.run(notes.writing_note(name, text, version))

    async def take_out(self, to: str, after: int = 0, limit: int = 100) -> Departures:
        return await self._store.writing.run(moving.taking_out(to, after, limit))

    async def departed(self) -> list[Departed]:
        return await moving.departed(self._reader)

    async def departing(self, job_id: str) -> MovingJob | None:
        return await moving.departing(self._reader, job_id)

    async def arrive(self, job: MovingJob) -> str | None:
        return await self._patiently(moving.arriving(job))

    async def gone(self, leases: Collection[Lease]) -> None:
        await self._store.writing.run(moving.being_gone(leases))

    async def close_arrivals(self, leases: Collection[Lease]) -> None:
        await self._store.writing.run(moving.closing_arrivals(leases))

    async def come_back(self, lease: Lease) -> bool:
        kept = await self.departing(lease.job_id)
        return kept is not None and kept.lease == lease and await self._patiently(moving.coming_back(kept))

    def changes(self) -> AsyncGenerator[frozenset[str], None]:
        return self._store.watching.changes()

    async def _patiently(self, operation: Operation[T]) -> T:
        """Once more while others come between."""
        for tries_left in reversed(range(_MOST_TRIES)):
            try:
                return await self._store.writing.run(operation)
            except moving.CameBetween:
                if not tries_left:
                    raise
            except StoreUnavailable as error:
                raise moving.refusal(error) or error from error.__cause__
        raise AssertionError

    @property
    def _store(self) -> Store:
        if self._open is None:
            raise StoreUnavailable("The job store is not open; call open() before using it.")
        return self._open

    @property
    def _reader(self) -> Reader:
        return self._store.reader
