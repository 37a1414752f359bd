"""Questions about one job or the whole queue. None of them waits for a write."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from ttsqueue.book import Payload
from ttsqueue.contract import payload_from_json
from ttsqueue.errors import IdempotencyMismatch, JobNotFound
from ttsqueue.jobs import Claim, IdempotencyKey, Job, JobStatus, Lease
from ttsqueue.listing import QueueStats
from ttsqueue.providers.postgres import rows
from ttsqueue.providers.postgres.identifiers import known
from ttsqueue.providers.postgres.operation import Row, Rows
from ttsqueue.providers.postgres.reader import Reader
from ttsqueue.records import Attempt, ChapterRecord, StateChange
from ttsqueue.server_keys import ServerKey
from ttsqueue.workers import Worker


async def get(reader: Reader, job_id: str) -> Job:
    return rows.job((await _rows_of(reader, "get_job", job_id))[0])


async def earlier_job(reader: Reader, user_id: str, idempotency: IdempotencyKey) -> Job | None:
    row = await reader.one("earlier_job", {"user_id": known(user_id), "key": idempotency.key})
    if row is None:
        return None
    if row["body_hash"] != idempotency.body_hash:
        raise IdempotencyMismatch(idempotency.key)
    return rows.job(row)


async def payload(reader: Reader, job_id: str) -> Payload:
    return payload_from_json((await _rows_of(reader, "payload", job_id))[0]["payload"])


async def chapters(reader: Reader, job_id: str) -> list[ChapterRecord]:
    outline = (await _rows_of(reader, "outline", job_id))[0]["outline"]
    found = await reader.all("finished_chapters", {"id": known(job_id)})
    finished = {row["position"]: row for row in found}
    return [_chapter(position, entry, finished.get(position)) for position, entry in enumerate(outline)]


async def attempts(reader: Reader, job_id: str) -> list[Attempt]:
    found = await _rows_of(reader, "attempts", job_id)
    return [rows.attempt(row) for row in found if row["number"] is not None]


async def history(reader: Reader, job_id: str) -> list[StateChange]:
    found = await _rows_of(reader, "history", job_id)
    first = StateChange(rows.moment(found[0]["created_at"]), JobStatus.PENDING)
    return [first, *(rows.state_change(row) for row in found if row["at"] is not None)]


async def position(reader: Reader, job_id: str) -> int | None:
    place: int | None = (await _rows_of(reader, "position", job_id))[0]["place"]
    return place


async def stats(reader: Reader) -> QueueStats:
    return QueueStats(**(await reader.all("stats", {}))[0])


async def next_due(reader: Reader) -> timedelta | None:
    wait: timedelta | None = (await reader.all("next_due", {}))[0]["wait"]
    return wait


async def waiting_since(reader: Reader) -> datetime | None:
    since: datetime | None = (await reader.all("waiting_since", {}))[0]["since"]
    return since and rows.moment(since)


async def lost(reader: Reader, leases: Collection[Lease]) -> frozenset[Lease]:
    found = await reader.all("held_leases", {"ids": [known(lease.job_id) for lease in leases]})
    return frozenset(leases) - {Lease(str(row["id"]), row["lease"]) for row in found}


async def stuck(reader: Reader, silent_for: timedelta, limit: int) -> Sequence[Claim]:
    return [rows.claim(row) for row in await reader.all("stuck_jobs", {"silent_for": silent_for, "limit": limit})]


async def workers(reader: Reader) -> list[Worker]:
    return [rows.worker(row) for row in await reader.all("workers", {})]


async def claims_of(reader: Reader, worker: str) -> list[Claim]:
    return [rows.claim(row) for row in await reader.all("claims_of_worker", {"worker": worker})]


async def is_paused(reader: Reader) -> bool:
    return bool((await reader.all("is_paused", {}))[0]["paused"])


async def key_with(reader: Reader, digest: str) -> ServerKey | None:
    row = await reader.one("key_with", {"digest": digest})
    return rows.server_key(row) if row else None


async def keys(reader: Reader) -> list[ServerKey]:
    return [rows.server_key(row) for row in await reader.all("keys", {})]


async def characters_since(reader: Reader, user_id: str, span: timedelta) -> int:
    return int((await reader.all("characters_since", {"user_id": known(user_id), "span": span}))[0]["characters"])


async def _rows_of(reader: Reader, name: str, job_id: str) -> Rows:
    found = await reader.all(name, {"id": known(job_id)})
    if not found:
        raise JobNotFound(job_id)
    return found


def _chapter(position: int, outline: Sequence[object], row: Row | None) -> ChapterRecord:
    chapter_id, title, characters = outline
    return ChapterRecord(
        index=position,
        chapter_id=str(chapter_id),
        title=str(title),
        characters=int(str(characters)),
        finished=rows.finished_chapter(row) if row else None,
        finished_at=rows.moment(row["finished_at"]) if row else None,
    )
