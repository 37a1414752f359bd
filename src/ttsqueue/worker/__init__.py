"""The worker: turns claimed jobs into sound."""

from ttsqueue.worker.narrator import Narrator
from ttsqueue.worker.options import WorkerOptions
from ttsqueue.worker.worker import run_worker

__all__ = ["Narrator", "WorkerOptions", "run_worker"]
