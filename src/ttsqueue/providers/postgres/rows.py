"""Rows as the values of jobs.py."""

from __future__ import annotations

from datetime import UTC, datetime

from ttsqueue.contract import result_from_json
from ttsqueue.jobs import Claim, Job, JobStatus, JobType, Lease, NewJob
from ttsqueue.providers.postgres.operation import Row, Values
from ttsqueue.records import Attempt, StateChange
from ttsqueue.result import FinishedChapter
from ttsqueue.server_keys import ServerKey
from ttsqueue.workers import Worker, WorkerProcess


def job(row: Row) -> Job:
    result = row["result"]
    return Job(
        id=str(row["id"]),
        work_id=str(row["work_id"]),
        user_id=str(row["user_id"]),
        job_type=JobType(row["job_type"]),
        status=JobStatus(row["status"]),
        priority=row["priority"],
        total_chapters=row["total_chapters"],
        attempts=row["attempts"],
        max_attempts=row["max_attempts"],
        claims=row["claims"],
        created_at=moment(row["created_at"]),
        updated_at=moment(row["updated_at"]),
        run_at=moment(row["run_at"]),
        title=row["title"],
        voice_id=row["voice_id"],
        progress_percent=row["progress_percent"],
        progress_message=row["progress_message"],
        current_chapter=row["current_chapter"],
        eta_seconds=row["eta_seconds"],
        started_at=moment_or_none(row["started_at"]),
        completed_at=moment_or_none(row["completed_at"]),
        heartbeat_at=moment_or_none(row["heartbeat_at"]),
        worker_id=row["worker_id"],
        error_message=row["error_message"],
        error_code=row["error_code"],
        last_error=row["last_error"],
        result=None if result is None else result_from_json(result),
    )


def new_job(new: NewJob, values: Values, row: Row) -> Job:
    """What get would return for a job that was added just now."""
    added = moment(row["created_at"])
    return Job(
        id=str(values["id"]),
        work_id=new.work_id,
        user_id=new.user_id,
        job_type=new.job_type,
        status=JobStatus.PENDING,
        priority=new.priority,
        total_chapters=len(new.chapters),
        attempts=0,
        max_attempts=int(str(values["max_attempts"])),
        claims=0,
        created_at=added,
        updated_at=added,
        run_at=moment(row["run_at"]),
        title=new.book.title,
    )


def claim(row: Row) -> Claim:
    return Claim(job(row), Lease(str(row["id"]), row["lease"]))


def finished_chapter(row: Row) -> FinishedChapter:
    return FinishedChapter(
        index=row["position"],
        audio_file_id=row["audio_file_id"],
        duration=row["duration"],
        silent=row["silent"],
        sound=row["sound"],
    )


def attempt(row: Row) -> Attempt:
    return Attempt(
        number=row["number"],
        worker_id=row["worker_id"],
        started_at=moment(row["started_at"]),
        ended_at=moment_or_none(row["ended_at"]),
        outcome=row["outcome"],
        error=row["error"],
    )


def state_change(row: Row) -> StateChange:
    return StateChange(moment(row["at"]), JobStatus(row["status"]), row["reason"])


def worker(row: Row) -> Worker:
    return Worker(
        name=row["name"],
        instance=row["instance"],
        process=WorkerProcess(row["host"], row["boot_id"], row["pid_namespace"], row["pid"], row["started"]),
        version=row["version"],
        slots=row["slots"],
        registered_at=moment(row["registered_at"]),
        heartbeat_at=moment(row["heartbeat_at"]),
        silent_for=row["silent_for"],
        job_ids=tuple(map(str, row["job_ids"])),
    )


def server_key(row: Row) -> ServerKey:
    return ServerKey(row["name"], row["digest"], row["is_admin"], moment(row["created_at"]))


def moment(stamp: datetime) -> datetime:
    """In UTC, whatever time zone the connection has."""
    return stamp.astimezone(UTC)


def moment_or_none(stamp: datetime | None) -> datetime | None:
    return None if stamp is None else stamp.astimezone(UTC)
