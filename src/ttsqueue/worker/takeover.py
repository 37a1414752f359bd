"""Workers that are gone: their jobs go back, then their rows go away."""

from __future__ import annotations

from datetime import timedelta

from ttsqueue.process_identity import Fate, fate_of
from ttsqueue.queue import TTSQueue
from ttsqueue.worker.log import log
from ttsqueue.workers import Worker, WorkerProcess


async def cleared_away(queue: TTSQueue, worker: Worker, here: WorkerProcess, stuck_after: timedelta) -> bool:
    """Strike off a worker that is gone; False for one that may live.

    The jobs of a process that is known to be dead go back at once; those of a silent one elsewhere are left to
    the rule for stuck jobs.
    """
    match fate_of(worker.process, here):
        case Fate.ALIVE:
            return False
        case Fate.DEAD:
            await take_over(queue, worker)
        case Fate.UNKNOWN:
            if not is_silent(worker, stuck_after):
                return False
            log.info("struck off %s: no sign of life for %s", worker.name, stuck_after)
    await queue.provider.remove_worker(worker.instance)
    return True


def is_silent(worker: Worker, stuck_after: timedelta) -> bool:
    """Whether it gave no heartbeat for that long."""
    return worker.silent_for is not None and worker.silent_for >= stuck_after


async def take_over(queue: TTSQueue, dead: Worker) -> None:
    """Give its jobs back, before its row goes: a crash between the two loses nothing.

    Its claims are read first: while its row stands, nobody else has claimed under its name.
    """
    claims = await queue.provider.claims_of(dead.name)
    rows = await queue.provider.workers()
    if dead.instance not in {row.instance for row in rows}:
        return  # another worker was quicker, and the name may be in use again
    released = sum([await queue.take_back(claim) for claim in claims])
    log.info("took over from %s, whose process is gone: jobs given back: %d", dead.name, released)
