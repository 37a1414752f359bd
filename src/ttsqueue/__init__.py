"""ttsqueue: a job queue for text-to-speech. One job is one book."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ttsqueue.app import App, open_app, open_queue
    from ttsqueue.book import BookInfo, Chapter, VoiceSettings
    from ttsqueue.errors import DuplicateJob, InvalidJob, JobNotFound, LeaseLost, NotCancellable, TTSQueueError
    from ttsqueue.jobs import ClaimedJob, Job, JobStatus, JobType, NewJob
    from ttsqueue.listing import JobFilter, QueueStats
    from ttsqueue.priority import get_priority_for_user
    from ttsqueue.queue import TTSQueue
    from ttsqueue.result import JobResult
    from ttsqueue.settings import Settings, load_settings

__all__ = [
    "App",
    "BookInfo",
    "Chapter",
    "ClaimedJob",
    "DuplicateJob",
    "InvalidJob",
    "Job",
    "JobFilter",
    "JobNotFound",
    "JobResult",
    "JobStatus",
    "JobType",
    "LeaseLost",
    "NewJob",
    "NotCancellable",
    "QueueStats",
    "Settings",
    "TTSQueue",
    "TTSQueueError",
    "VoiceSettings",
    "get_priority_for_user",
    "load_settings",
    "open_app",
    "open_queue",
]

# Child processes (engines, parsers, encoders) import this package too; one that speaks is there in 60 ms.
_LATE = {
    "App": "ttsqueue.app",
    "open_app": "ttsqueue.app",
    "open_queue": "ttsqueue.app",
    "BookInfo": "ttsqueue.book",
    "Chapter": "ttsqueue.book",
    "VoiceSettings": "ttsqueue.book",
    "DuplicateJob": "ttsqueue.errors",
    "InvalidJob": "ttsqueue.errors",
    "JobNotFound": "ttsqueue.errors",
    "LeaseLost": "ttsqueue.errors",
    "NotCancellable": "ttsqueue.errors",
    "TTSQueueError": "ttsqueue.errors",
    "ClaimedJob": "ttsqueue.jobs",
    "Job": "ttsqueue.jobs",
    "JobStatus": "ttsqueue.jobs",
    "JobType": "ttsqueue.jobs",
    "NewJob": "ttsqueue.jobs",
    "JobFilter": "ttsqueue.listing",
    "QueueStats": "ttsqueue.listing",
    "get_priority_for_user": "ttsqueue.priority",
    "TTSQueue": "ttsqueue.queue",
    "JobResult": "ttsqueue.result",
    "Settings": "ttsqueue.settings",
    "load_settings": "ttsqueue.settings",
}


def __getattr__(name: str) -> Any:
    if name in _LATE:
        return getattr(import_module(_LATE[name]), name)
    raise AttributeError(f"module 'ttsqueue' has no attribute {name!r}")
