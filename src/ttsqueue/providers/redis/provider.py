"""RedisProvider: the whole queue in one Redis, on BullMQ's data."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from ttsqueue.activity import ACTIVITY_KEPT, LAST_PREMIUM_PRIORITY, Activity
from ttsqueue.book import Payload
from ttsqueue.contract import payload_from_json
from ttsqueue.errors import (
    InvalidJob,
    KeyNameTaken,
    StoreUnavailable,
    TTSQueueError,
    WorkerNameTaken,
)
from ttsqueue.jobs import Claim, IdempotencyKey, Job, Lease, NewJob, Progress
from ttsqueue.listing import JobFilter, JobPage, QueueStats
from ttsqueue.moving import Departed, Departures, MovingJob
from ttsqueue.notes import Note
from ttsqueue.outcome import Outcome
from ttsqueue.provider import QueueProvider
from ttsqueue.providers.redis import adding, answers, counting, moving, paging, rows
from ttsqueue.providers.redis.clock import length, moment
from ttsqueue.providers.redis.condition import Condition
from ttsqueue.providers.redis.connection import connect
from ttsqueue.providers.redis.lane import Answer, Lane
from ttsqueue.providers.redis.lines import Lines
from ttsqueue.providers.redis.schema import schema_state
from ttsqueue.providers.redis.script import script
from ttsqueue.providers.redis.settling import settlement
from ttsqueue.providers.redis.store import Store
from ttsqueue.providers.side_by_side import added_side_by_side
from ttsqueue.records import Attempt, ChapterRecord, StateChange
from ttsqueue.result import FinishedChapter
from ttsqueue.schema_state import SchemaState
from ttsqueue.server_keys import ServerKey
from ttsqueue.workers import Worker

_PATIENCE = timedelta(seconds=55)
"""How long one call waits for news: many a proxy cuts what is silent for a minute."""

_LONGEST_PATIENCE = timedelta(minutes=5)
"""Where each call is paid for."""


class RedisProvider(QueueProvider):
    """Any number of these, on any number of machines, may share a Redis.

    Each belongs to the event loop that opened it, and not to a forked child. `lock_for` is how long BullMQ's lock on a
    running job lasts without a heartbeat: as long as the job is not taken for stuck. `poll_interval` is how seldom we
    may ask for what is told by itself.
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        lock_for: timedelta = timedelta(minutes=30),
        poll_interval: timedelta = _PATIENCE,
    ) -> None:
        self._url = url
        self._token = token
        self._lock_for = lock_for
        self._look_every = max(poll_interval, _PATIENCE)
        self._patience = min(self._look_every, _LONGEST_PATIENCE)
        self.longest_silence = self._patience.total_seconds()
        self._open: Store | None = None

    async def open(self) -> None:
        if self._open is None:
            self._open = Store(self._url, self._token, self._lock_for, self._patience, self._look_every)
            try:
                await self._open.open()
            except BaseException:
                await self.aclose()
                raise

    async def schema_state(self) -> SchemaState:
        lane = Lane(connect(self._url, self._token), Lines())
        try:
            return await schema_state(lane)
        finally:
            await lane.aclose()

    def schema_script(self) -> str:
        return script("install").text

    async def aclose(self) -> None:
        store, self._open = self._open, None
        if store is not None:
            await store.aclose()

    async def add(self, job: NewJob, idempotency: IdempotencyKey | None = None) -> Job:
        texts = adding.outline(job), adding.payload(job)
        answer = await self._among_twins("add", adding.described(job, idempotency), *texts)
        added = adding.added(answer, idempotency)
        assert added is not None  # noqa: S101 - for the types: add.lua brings a job or a refusal
        return added

    async def add_many(self, jobs: Sequence[NewJob]) -> list[str | TTSQueueError]:
        return await added_side_by_side(self.add, jobs)

    async def earlier_job(self, user_id: str, idempotency: IdempotencyKey) -> Job | None:
        return adding.added(await self._read("earlier_job", adding.used(user_id, idempotency)), idempotency)

    async def get(self, job_id: str) -> Job:
        return answers.job(await self._read("get", {"id": job_id}), job_id)

    async def payload(self, job_id: str) -> Payload:
        answer = answers.found(await self._read("payload", {"id": job_id}), job_id)
        try:
            data = json.loads(answer[1])
        except ValueError:
            raise InvalidJob("The stored payload is not JSON.") from None
        return payload_from_json(data)

    async def page(self, which: JobFilter, limit: int, cursor: str | None = None) -> JobPage:
        return await paging.page(self._store.reading, which, limit, cursor)

    async def count(self, which: JobFilter) -> int:
        return await paging.count(self._store.reading, which)

    async def chapters(self, job_id: str) -> list[ChapterRecord]:
        _, _, outline, finished = await self._records(job_id, "chapters")
        return rows.chapters(outline, finished)

    async def attempts(self, job_id: str) -> list[Attempt]:
        _, row, entries = await self._records(job_id, "attempts")
        return rows.attempts(row, entries)

    async def history(self, job_id: str) -> list[StateChange]:
        _, row, entries = await self._records(job_id, "history")
        return rows.history(row, entries)

    async def position(self, job_id: str) -> int | None:
        _, place = answers.found(await self._write("position", {"id": job_id}), job_id)
        return None if place < 0 else int(place)

    async def stats(self) -> QueueStats:
        _, numbers = await self._read("stats", {})
        return QueueStats(*numbers)

    async def waiting_since(self) -> datetime | None:
        _, earliest = await self._write("waiting_since", {})
        return moment(earliest) if earliest else None

    async def activity(self, span: timedelta, buckets: int) -> Activity:
        return counting.activity(await self._read("activity", {"span": length(span)}), span, buckets)

    async def characters_since(self, user_id: str, span: timedelta) -> int:
        return int((await self._read("characters_since", {"user_id": user_id, "span": length(span)}))[1])

    async def claim(self, worker: str, limit: int = 1) -> list[Claim]:
        wish: dict[str, Any] = {"worker": worker, "limit": limit, "last_premium": LAST_PREMIUM_PRIORITY} | self._lock
        while True:
            word, found = await self._write("claim", wish | {"call": self._store.writing.new_call()})
            if word == "ok":
                return [answers.claim(row, payload) for row, payload in found]
            await self._store.adoption.follow(found)
            wish["followed"] = [*wish.get("followed", ()), *found]  # what still stands in the way will go

    async def next_due(self) -> timedelta | None:
        _, milliseconds = await self._read("next_due", {})
        return None if milliseconds < 0 else timedelta(milliseconds=milliseconds)

    async def wait_for_work(self, timeout: float) -> None:
        await self._store.waiting.wait(timeout)

    async def heartbeat(self, leases: Collection[Lease]) -> frozenset[Lease]:
        return await self._lost(leases, only_look=None)

    async def lost(self, leases: Collection[Lease]) -> frozenset[Lease]:
        return await self._lost(leases, only_look=True)

    async def update_progress(self, lease: Lease, progress: Progress) -> Job:
        return await self._held("update_progress", lease, asdict(progress))

    async def freeze_voice(self, lease: Lease, voice_id: str) -> Job:
        return await self._held("freeze_voice", lease, {"voice_id": voice_id})

    async def save_chapter(self, lease: Lease, chapter: FinishedChapter) -> Job:
        values = {"position": chapter.index, "duration": chapter.duration}
        return await self._held("save_chapter", lease, values, json.dumps(rows.sound_of(chapter)))

    async def forget_chapter(self, lease: Lease, index: int) -> None:
        answers.held(await self._write("forget_chapter", _fence(lease) | {"position": index}), lease)

    async def settle(self, lease: Lease, outcome: Outcome, silent_for: timedelta | None = None) -> Job:
        values, result, shown = settlement(lease, outcome, silent_for)
        return await self._held("settle", lease, values, result, shown)

    async def cancel(self, job_id: str) -> Job:
        return answers.cancelled(await self._write("cancel", {"id": job_id}), job_id)

    async def retry(self, job_id: str) -> Job:
        return answers.retried(await self._among_twins("retry", {"id": job_id}), job_id)

    async def delete(self, job_id: str) -> None:
        answers.deleted(await self._write("delete", {"id": job_id}), job_id)

    async def stuck(self, silent_for: timedelta, limit: int = 100) -> Sequence[Claim]:
        _, found = await self._read("stuck", {"silent_for": length(silent_for), "limit": limit})
        return [rows.claim(row) for row in found]

    async def prune(self) -> None:
        await self._write("prune", {"minutes": ACTIVITY_KEPT // timedelta(minutes=1)})
        await self._store.adoption.sweep()

    async def register_worker(self, worker: Worker) -> None:
        described = {
            "instance": worker.instance,
            "process": asdict(worker.process),
            "version": worker.version,
            "slots": worker.slots,
        }
        values = {"name": worker.name, "instance": worker.instance}
        if (await self._write("register_worker", values, json.dumps(described)))[0] == "taken":
            raise WorkerNameTaken(worker.name)
        self._store.writing.work_as(worker.name)

    async def worker_alive(self, instance: str) -> bool:
        return bool((await self._write("worker_alive", {"instance": instance}))[1])

    async def remove_worker(self, instance: str) -> None:
        await self._write("remove_worker", {"instance": instance})

    async def workers(self) -> list[Worker]:
        _, now, beats, jobs = await self._read("workers", {})
        known = [rows.worker(entry, beat, int(now), jobs) for entry, beat in beats]
        return sorted(known, key=lambda worker: worker.name)

    async def claims_of(self, worker: str) -> list[Claim]:
        _, found = await self._read("claims_of", {"worker": worker})
        return [rows.claim(row) for row in found]

    async def add_key(self, key: ServerKey) -> None:
        values = {"name": key.name, "digest": key.digest, "is_admin": key.is_admin}
        if (await self._write("add_key", values))[0] == "taken":
            raise KeyNameTaken(key.name)

    async def key_with(self, digest: str) -> ServerKey | None:
        _, found = await self._read("keys", {"digest": digest})
        return rows.server_key(*found) if found else None

    async def keys(self) -> list[ServerKey]:
        _, found = await self._read("keys", {})
        every = [rows.server_key(digest, entry) for digest, entry in rows.row(found).items()]
        return sorted(every, key=lambda key: key.name)

    async def remove_key(self, name: str) -> bool:
        return bool((await self._write("remove_key", {"name": name}))[1])

    async def set_paused(self, paused: bool) -> None:
        await self._write("set_paused", {"paused": paused})

    async def is_paused(self) -> bool:
        return bool((await self._read("is_paused", {}))[1])

    async def note(self, name: str) -> Note:
        _, text, version, now = await self._read("note", {"name": name})
        return Note(name, text, version, moment(now))

    async def write_note(self, name: str, text: str, version: int) -> bool:
        return bool((await self._write("write_note", {"name": name, "version": version}, text))[1])

    async def condition(self) -> Condition:
        """How the server stands, for `ttsqueue doctor`. StoreUnavailable."""
        return await self._store.condition()

    async def take_out(self, to: str, after: int = 0, limit: int = 100) -> Departures:
        if not after:
            await self._store.adoption.sweep()  # what others put in leaves, too
        return await moving.take_out(self._store.writing, to, after, limit)

    async def departed(self) -> list[Departed]:
        return await moving.departed(self._store.reading)

    async def departing(self, job_id: str) -> MovingJob | None:
        return await moving.departing(self._store.reading, job_id)

    async def arrive(self, job: MovingJob) -> str | None:
        return await moving.arrive(self._store.writing, job)

    async def gone(self, leases: Collection[Lease]) -> None:
        await moving.close(self._store.writing, "gone", leases)

    async def close_arrivals(self, leases: Collection[Lease]) -> None:
        await moving.close(self._store.writing, "close_arrivals", leases)

    async def come_back(self, lease: Lease) -> bool:
        return await moving.come_back(self._store.writing, lease)

    def changes(self) -> AsyncGenerator[frozenset[str], None]:
        return self._store.watching.changes()

    @property
    def _lock(self) -> dict[str, Any]:
        return {"lock_for": self._lock_for // timedelta(milliseconds=1)}

    @property
    def _store(self) -> Store:
        if self._open is None:
            raise StoreUnavailable("The job store is not open; call open() before using it.")
        return self._open

    async def _write(self, script: str, arguments: dict[str, Any], *texts: str) -> Answer:
        return await self._store.writing.run(script, arguments, *texts)

    async def _among_twins(self, script: str, arguments: dict[str, Any], *texts: str) -> Answer:
        """Once more when the job that stands in the way is gone from BullMQ's queue, and ended with that."""
        answer = await self._write(script, arguments, *texts)
        if gone := answers.gone_twin(answer):
            await self._store.adoption.follow([gone])
            answer = await self._write(script, arguments, *texts)
        return answer

    async def _read(self, script: str, arguments: dict[str, Any]) -> Answer:
        return await self._store.reading.run(script, arguments)

    async def _records(self, job_id: str, which: str) -> Answer:
        return answers.found(await self._read("records", {"id": job_id, "which": which}), job_id)

    async def _held(self, script: str, lease: Lease, arguments: dict[str, Any], *texts: str) -> Job:
        answer = answers.held(await self._write(script, _fence(lease) | arguments, *texts), lease)
        return rows.job(answer[1])

    async def _lost(self, leases: Collection[Lease], *, only_look: bool | None) -> frozenset[Lease]:
        if not leases:
            return frozenset()
        asked = list(leases)
        values = {"leases": [[lease.job_id, lease.token] for lease in asked], "only_look": only_look}
        _, places = await self._write("heartbeat", values | self._lock)
        return frozenset(asked[place - 1] for place in places)


def _fence(lease: Lease) -> dict[str, Any]:
    return {"id": lease.job_id, "token": lease.token}
