"""How much one user may ask for."""

from __future__ import annotations

from dataclasses import dataclass

from ttsqueue.api.caller import Caller
from ttsqueue.jobs import NewJob
from ttsqueue.queue import TTSQueue


@dataclass(frozen=True, slots=True)
class Limits:
    """Checks that raise LimitReached."""

    queue: TTSQueue

    async def check_new_job(self, caller: Caller, new: NewJob) -> None:
        """Before a job is queued."""
