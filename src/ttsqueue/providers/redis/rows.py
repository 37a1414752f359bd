"""Hashes as the values of jobs.py."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from ttsqueue.contract import result_from_json
from ttsqueue.jobs import Claim, Job, JobStatus, JobType, Lease
from ttsqueue.providers.redis.clock import moment, moment_or_none
from ttsqueue.records import Attempt, ChapterRecord, StateChange
from ttsqueue.result import FinishedChapter, JobResult
from ttsqueue.server_keys import ServerKey
from ttsqueue.workers import Worker, WorkerProcess

Row = Mapping[str, str]


def row(flat: Sequence[str]) -> Row:
    """Names and values in turn, as Redis gives a hash."""
    return dict(zip(flat[::2], flat[1::2], strict=True))


def job(row: Row) -> Job:
    eta = row.get("eta_seconds")
    return Job(
        id=row["id"],
        work_id=row["work_id"],
        user_id=row["user_id"],
        job_type=JobType(row["job_type"]),
        status=JobStatus(row["status"]),
        priority=int(row["priority"]),
        total_chapters=int(row["total_chapters"]),
        attempts=int(row["attempts"]),
        max_attempts=int(row["max_attempts"]),
        claims=int(row["claims"]),
        created_at=moment(row["created_at"]),
        updated_at=moment(row["updated_at"]),
        run_at=moment(row["run_at"]),
        title=row["title"],
        voice_id=row.get("voice_id"),
        progress_percent=int(row.get("progress_percent", 0)),
        progress_message=row.get("progress_message", ""),
        current_chapter=int(row.get("current_chapter", 0)),
        eta_seconds=None if eta is None else float(eta),
        started_at=moment_or_none(row.get("started_at")),
        completed_at=moment_or_none(row.get("completed_at")),
        heartbeat_at=moment_or_none(row.get("heartbeat_at")),
        worker_id=row.get("worker_id"),
        error_message=row.get("error_message"),
        error_code=row.get("error_code"),
        last_error=row.get("last_error"),
        result=_result(row),
    )


def _result(row: Row) -> JobResult | None:
    if "result" not in row:
        return None
    result: JobResult = result_from_json(json.loads(row["result"]))
    return replace(result, completed_at=moment_or_none(row.get("completed_at")))


def claim(row: Row) -> Claim:
    return Claim(job(row), Lease(row["id"], int(row["lease"])))


def chapters(outline: str, finished: Sequence[str]) -> list[ChapterRecord]:
    spoken = {int(position): json.loads(entry) for position, entry in row(finished).items()}
    return [_chapter(index, entry, spoken.get(index)) for index, entry in enumerate(json.loads(outline))]


def _chapter(index: int, entry: tuple[str, str, int], spoken: tuple[str, str] | None) -> ChapterRecord:
    chapter_id, title, characters = entry
    if spoken is None:
        return ChapterRecord(index, chapter_id, title, characters)
    at, sound = spoken
    return ChapterRecord(index, chapter_id, title, characters, finished_chapter(index, json.loads(sound)), moment(at))


def finished_chapter(index: int, sound: Mapping[str, Any]) -> FinishedChapter:
    return FinishedChapter(index, sound["audio_file_id"], sound["duration"], sound["silent"], sound["sound"])


def sound_of(chapter: FinishedChapter) -> Mapping[str, Any]:
    """What is kept of a spoken chapter."""
    return {
        "audio_file_id": chapter.audio_file_id,
        "duration": chapter.duration,
        "silent": chapter.silent,
        "sound": dict(chapter.sound),
    }


def attempts(row: Row, ended: Sequence[str]) -> list[Attempt]:
    """An attempt that goes on stands in the job's own row. Of two ends the last counts: docs/decisions/0044."""
    found = {attempt.number: attempt for attempt in (_attempt(*json.loads(entry)) for entry in ended)}
    if row["status"] == JobStatus.PROCESSING:
        found[int(row["claims"])] = _attempt(row["claims"], row["worker_id"], row["attempt_at"])
    return list(found.values())


def _attempt(
    number: str, worker: str, began: str, ended: str | None = None, outcome: str | None = None, error: str | None = None
) -> Attempt:
    return Attempt(int(number), worker, moment(began), moment_or_none(ended), outcome, error)


def history(row: Row, entries: Sequence[str]) -> list[StateChange]:
    """From the job's birth; that it is being spoken stands in its own row."""
    changes = [StateChange(moment(row["created_at"]), JobStatus.PENDING), *map(_state_change, entries)]
    if row["status"] == JobStatus.PROCESSING:
        changes.append(StateChange(moment(row["attempt_at"]), JobStatus.PROCESSING, f"claimed by {row['worker_id']}"))
    return changes


def _state_change(entry: str) -> StateChange:
    at, status, reason = json.loads(entry)
    return StateChange(moment(at), JobStatus(status), reason)


def worker(entry: str, beat: str, now: int, jobs: Sequence[tuple[str, str]]) -> Worker:
    """`jobs` are ids with the names of those who hold them."""
    name, registered_at, described = json.loads(entry)
    known, heartbeat_at = json.loads(described), int(float(beat))
    return Worker(
        name=name,
        instance=known["instance"],
        process=WorkerProcess(**known["process"]),
        version=known["version"],
        slots=known["slots"],
        registered_at=moment(registered_at),
        heartbeat_at=moment(heartbeat_at),
        silent_for=timedelta(microseconds=max(now - heartbeat_at, 0)),
        job_ids=tuple(job_id for job_id, holder in jobs if holder == name),
    )


def server_key(digest: str, entry: str) -> ServerKey:
    name, is_admin, created_at = json.loads(entry)
    return ServerKey(name, digest, bool(is_admin), moment(created_at))
