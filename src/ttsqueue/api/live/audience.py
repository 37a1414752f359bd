"""Who listens, and to what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager

from ttsqueue.api.live.listener import Interest, Listener


class Audience:
    """Listeners by what they may and want to see."""

    def __init__(self) -> None:
        self._by_interest: defaultdict[Interest, set[Listener]] = defaultdict(set)
        self._wide = 0
        """How many listen to more than one job."""

    @contextmanager
    def seat(self, interest: Interest) -> Generator[Listener, None, None]:
        listener = Listener(interest)
        is_wide = interest.job_id is None
        self._by_interest[interest].add(listener)
        self._wide += is_wide
        try:
            yield listener
        finally:
            self._wide -= is_wide
            self._by_interest[interest].discard(listener)
            if not self._by_interest[interest]:
                del self._by_interest[interest]

    def may_care(self, job_id: str) -> bool:
        """Whether it is worth reading a job whose owner is not known yet."""
        return self._wide > 0 or Interest(job_id=job_id) in self._by_interest

    def tell(self, job_id: str, user_id: str | None) -> None:
        """The job changed, or has gone. Without its owner only those hear of it who listen to it or to all."""
        interests = [Interest(job_id=job_id), Interest()]
        if user_id is not None:
            interests.append(Interest(user_id=user_id))
        for interest in interests:
            for listener in self._by_interest.get(interest, ()):
                listener.tell((job_id,))

    def everyone(self) -> list[Listener]:
        return [listener for listeners in self._by_interest.values() for listener in listeners]
