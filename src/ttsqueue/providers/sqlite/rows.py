"""Rows as the values of jobs.py."""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta

from ttsqueue.contract import result_from_json
from ttsqueue.jobs import Claim, Job, JobStatus, JobType, Lease, NewJob
from ttsqueue.providers.sqlite.clock import moment, moment_or_none, now
from ttsqueue.records import Attempt, StateChange
from ttsqueue.result import FinishedChapter
from ttsqueue.server_keys import ServerKey
from ttsqueue.workers import Worker, WorkerProcess


def job(row: sqlite3.Row) -> Job:
    result = row["result"]
    return Job(
        id=row["id"],
        work_id=row["work_id"],
        user_id=row["user_id"],
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
        result=None if result is None else result_from_json(json.loads(result)),
    )


def new_job(new: NewJob, job_id: str, max_attempts: int, now: int, run_at: int) -> Job:
    """What get would return for a job that was added just now."""
    added = moment(now)
    return Job(
        id=job_id,
        work_id=new.work_id,
        user_id=new.user_id,
        job_type=new.job_type,
        status=JobStatus.PENDING,
        priority=new.priority,
        total_chapters=len(new.chapters),
        attempts=0,
        max_attempts=max_attempts,
        claims=0,
        created_at=added,
        updated_at=added,
        run_at=added if run_at == now else moment(run_at),
        title=new.book.title,
    )


def claim(row: sqlite3.Row) -> Claim:
    return Claim(job(row), Lease(row["id"], row["lease"]))


def finished_chapter(row: sqlite3.Row) -> FinishedChapter:
    return FinishedChapter(
        index=row["position"],
        audio_file_id=row["audio_file_id"],
        duration=row["duration"],
        silent=bool(row["silent"]),
        sound=json.loads(row["sound"]),
    )


def attempt(row: sqlite3.Row) -> Attempt:
    return Attempt(
        number=row["number"],
        worker_id=row["worker_id"],
        started_at=moment(row["started_at"]),
        ended_at=moment_or_none(row["ended_at"]),
        outcome=row["outcome"],
        error=row["error"],
    )


def state_change(row: sqlite3.Row) -> StateChange:
    return StateChange(moment(row["at"]), JobStatus(row["status"]), row["reason"])


def worker(row: sqlite3.Row, job_ids: tuple[str, ...]) -> Worker:
    return Worker(
        name=row["name"],
        instance=row["instance"],
        process=WorkerProcess(row["host"], row["boot_id"], row["pid_namespace"], row["pid"], row["started"]),
        version=row["version"],
        slots=row["slots"],
        registered_at=moment(row["registered_at"]),
        heartbeat_at=moment(row["heartbeat_at"]),
        silent_for=timedelta(microseconds=max(now() - row["heartbeat_at"], 0)),
        job_ids=job_ids,
    )


def server_key(row: sqlite3.Row) -> ServerKey:
    return ServerKey(row["name"], row["digest"], bool(row["is_admin"]), moment(row["created_at"]))
