"""When would a book start that is handed in now?"""

from __future__ import annotations

from datetime import timedelta

from ttsqueue.queue import TTSQueue
from ttsqueue.web.wording import start_of_a_new_book
from ttsqueue.workers import Worker

_ALIVE = timedelta(minutes=1)
"""A worker that was silent for longer is not counted on."""


async def start_in_words(queue: TTSQueue) -> str:
    stats = await queue.get_queue_stats()
    free = free_slots(await queue.get_workers())
    return start_of_a_new_book(stats.pending - stats.delayed, paused=await queue.is_paused(), free_slots=free)


def free_slots(workers: list[Worker]) -> int | None:
    """How many books more can be spoken at once; None when nobody is there to speak."""
    alive = [worker for worker in workers if worker.silent_for is not None and worker.silent_for < _ALIVE]
    if not alive:
        return None
    return sum(max(worker.slots - len(worker.job_ids), 0) for worker in alive)
