"""When is it time to look at a job that changed? At once, but not more than ten times a second."""

from __future__ import annotations

from collections.abc import Iterable

INTERVAL = 0.1
"""Seconds between two looks at one job."""


class Pace:
    """Changes that come while a job has to wait become one look. The caller brings the clock, in seconds."""

    def __init__(self) -> None:
        self._due: dict[str, None] = {}
        self._looked: dict[str, float] = {}

    def add(self, job_ids: Iterable[str]) -> None:
        self._due.update(dict.fromkeys(job_ids))

    def take(self, now: float, most: int) -> list[str]:
        """Up to `most` jobs whose time has come, those that waited longest first."""
        self._forget_old_looks(now)
        ready = [job_id for job_id in self._due if job_id not in self._looked][:most]
        for job_id in ready:
            del self._due[job_id]
            self._looked[job_id] = now
        return ready

    def wait(self, now: float) -> float | None:
        """Seconds until `take` has something; None if nothing has changed."""
        if not self._due:
            return None
        return max(0.0, min(self._looked.get(job_id, 0.0) for job_id in self._due) + INTERVAL - now)

    def _forget_old_looks(self, now: float) -> None:
        while self._looked:
            job_id, looked = next(iter(self._looked.items()))
            if now - looked < INTERVAL:
                return
            del self._looked[job_id]
