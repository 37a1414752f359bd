"""What operators see: counts, workers, and what was done lately."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ttsqueue.api.schemas.job import Moment
from ttsqueue.api.schemas.wire import Wire


class StatsOut(Wire):
    """Jobs by status, and whether the queue hands any out."""

    pending: int = Field(description="Including the delayed ones.")
    processing: int
    completed: int
    failed: int
    delayed: int
    cancelled: int
    paused: bool


class HeldJobOut(Wire):
    """A book that a worker is speaking."""

    id: str
    title: str
    current_chapter: int
    total_chapters: int
    progress_percent: int


class WorkerOut(Wire):
    """A process that speaks."""

    name: str
    host: str
    version: str
    slots: int = Field(description="Books that it speaks side by side.")
    registered_at: Moment | None
    heartbeat_at: Moment | None
    jobs: list[HeldJobOut]


class WorkersOut(Wire):
    """By name."""

    workers: list[WorkerOut]


class PauseOut(Wire):
    """Whether the queue is paused now."""

    success: Literal[True]
    paused: bool


class ResetOut(Wire):
    """How many stuck jobs were put back, or failed because no attempt was left."""

    success: Literal[True]
    reset: int


class WaitingOut(Wire):
    """How long jobs waited for their first worker since they were due, in seconds; at most 10 % too long."""

    jobs: int
    p50: float | None = Field(description="Null when no job started.")
    p95: float | None


class BucketOut(Wire):
    """One step of time."""

    start: Moment
    completed: int = Field(description="Jobs.")
    failed: int
    characters: int = Field(description="Of the chapters that were spoken.")
    audio_seconds: float = Field(description="Of the sound that was made.")
    premium: WaitingOut
    free: WaitingOut


class ActivityOut(Wire):
    """Steps of equal width, oldest first; the last one is not over yet."""

    bucket_seconds: float
    buckets: list[BucketOut]
