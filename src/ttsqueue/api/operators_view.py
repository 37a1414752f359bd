"""Workers and figures as answers show them."""

from __future__ import annotations

from collections.abc import Sequence

from ttsqueue.activity import Activity, ActivityBucket, Waiting
from ttsqueue.contract import Json, iso
from ttsqueue.jobs import Job
from ttsqueue.workers import Worker


def worker_view(worker: Worker, jobs: Sequence[Job]) -> Json:
    return {
        "name": worker.name,
        "host": worker.process.host,
        "version": worker.version,
        "slots": worker.slots,
        "registeredAt": iso(worker.registered_at),
        "heartbeatAt": iso(worker.heartbeat_at),
        "jobs": [_held(job) for job in jobs],
    }


def activity_view(activity: Activity) -> Json:
    return {
        "bucketSeconds": activity.width.total_seconds(),
        "buckets": [_bucket(bucket) for bucket in activity.buckets],
    }


def _held(job: Job) -> Json:
    return {
        "id": job.id,
        "title": job.title,
        "currentChapter": job.current_chapter,
        "totalChapters": job.total_chapters,
        "progressPercent": job.progress_percent,
    }


def _bucket(bucket: ActivityBucket) -> Json:
    return {
        "start": iso(bucket.start),
        "completed": bucket.completed,
        "failed": bucket.failed,
        "characters": bucket.characters,
        "audioSeconds": bucket.audio_seconds,
        "premium": _waiting(bucket.premium),
        "free": _waiting(bucket.free),
    }


def _waiting(waiting: Waiting) -> Json:
    return {"jobs": waiting.jobs, "p50": waiting.p50, "p95": waiting.p95}
