"""Who speaks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class WorkerProcess:
    """Which process a worker is, so that another can tell whether it still lives."""

    host: str
    boot_id: str
    pid_namespace: str
    pid: int
    started: float
    """Start time of the process as the kernel tells it, in seconds."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A registered worker. `instance` is unique per start; `name` is unique among registered workers."""

    name: str
    instance: str
    process: WorkerProcess
    version: str
    slots: int
    registered_at: datetime | None = None
    heartbeat_at: datetime | None = None
    """Both by the store's clock; None only before it is registered."""
    silent_for: timedelta | None = None
    """Since that heartbeat, when it was read: by the store's clock too, since hosts disagree about the time."""
    job_ids: tuple[str, ...] = ()
    """What it holds, read from the jobs; filled in by the store."""
