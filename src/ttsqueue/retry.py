"""What becomes of a job after an error or a lost worker? Pure: same input, same answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from ttsqueue.outcome import Fail, Requeue

LONGEST_WISH = timedelta(days=1)
"""A server that asks for more than this by Retry-After is mistaken."""

LOST_WORKER = "The worker was lost while it spoke this book."


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential backoff: first, doubled each time, capped, then spread by jitter."""

    first: timedelta = timedelta(seconds=5)
    cap: timedelta = timedelta(minutes=10)
    jitter: float = 0.2
    """Share of the delay that chance may add, so that jobs which failed together do not return together."""

    def delay(self, attempt: int, chance: float) -> timedelta:
        """How long to wait after attempt number `attempt` (1-based); `chance` is a number in [0, 1)."""
        doublings = min(max(attempt, 1) - 1, 30)
        plain: timedelta = min(self.first * 2**doublings, self.cap)
        return plain * (1 + self.jitter * chance)


@dataclass(frozen=True, slots=True)
class AttemptError:
    """An error as far as it matters for what happens next."""

    message: str
    code: str | None = None
    retryable: bool = True
    retry_after: timedelta | None = None
    """The wish of the engine or server; being told to slow down never costs an attempt."""

    @property
    def is_slow_down(self) -> bool:
        return self.retryable and (self.retry_after is not None or self.code == "RATE_LIMIT")


def after_error(
    error: AttemptError, attempts: int, max_attempts: int, backoff: Backoff, chance: float
) -> Requeue | Fail:
    """`attempts` counts the attempt that just failed. `Retry-After` wins over our own backoff."""
    if not error.retryable:
        return Fail(error.message, error.code)
    if error.is_slow_down:
        wished = error.retry_after if error.retry_after is not None else backoff.delay(attempts, chance)
        return Requeue("retried", error.message, min(max(wished, timedelta(0)), LONGEST_WISH), refund=True)
    if attempts >= max_attempts:
        return Fail(error.message, error.code)
    return Requeue("retried", error.message, backoff.delay(attempts, chance))


def after_lost_worker(attempts: int, max_attempts: int, reason: str = LOST_WORKER) -> Requeue | Fail:
    """For stuck jobs and takeovers. The attempt counts, or a job that kills its worker would do so for ever."""
    if attempts >= max_attempts:
        return Fail(f"{reason} No attempts are left.", "WORKER_LOST", kind="lost")
    return Requeue("lost", reason)


def after_hand_back() -> Requeue:
    """A worker that stops gives its job back: the place is kept and the attempt is not counted."""
    return Requeue("handed_back", refund=True)
