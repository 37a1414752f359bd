"""Books that a power cut took from the worker of an earlier `speak` or `up`."""

from __future__ import annotations

from ttsqueue.process_identity import this_process
from ttsqueue.queue import TTSQueue
from ttsqueue.worker.takeover import take_over
from ttsqueue.workers import Worker, WorkerProcess

SPEAK = "speak-"
UP = "up-"
"""How the names of workers begin that `speak` and `up` start."""


async def release_what_was_left_behind(queue: TTSQueue) -> None:
    """Give back at once what workers of ours held when this computer went down.

    In general a worker from before a restart may as well be one on another computer of the same name, and gets time
    to give a sign of life. Workers that a command started live no longer than it does, and somebody is waiting here.
    """
    here = this_process()
    for worker in await queue.get_workers():
        if is_left_behind(worker, here):
            await take_over(queue, worker)
            await queue.provider.remove_worker(worker.instance)


def is_left_behind(worker: Worker, here: WorkerProcess) -> bool:
    """Whether it ran for a command on this computer before it was restarted."""
    there = worker.process
    return worker.name.startswith((SPEAK, UP)) and there.host == here.host and there.boot_id != here.boot_id
