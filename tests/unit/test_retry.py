"""What becomes of a job after an error or a lost worker?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttsqueue.outcome import Fail, Requeue
from ttsqueue.retry import LOST_WORKER, AttemptError, Backoff, after_error, after_hand_back, after_lost_worker

SECOND = timedelta(seconds=1)
BACKOFF = Backoff()

FATAL = AttemptError("No such voice.", "unknown_voice", retryable=False)
BROKEN = AttemptError("The engine crashed.", "ENGINE_FAILED")
UNKNOWN = AttemptError("Something broke.")
BUSY = AttemptError("Too many requests.", "RATE_LIMIT")
BUSY_FOR_90 = AttemptError("Too many requests.", "RATE_LIMIT", retry_after=90 * SECOND)
DOWN_FOR_30 = AttemptError("Back in half a minute.", "SERVER_DOWN", retry_after=30 * SECOND)
BUSY_FOR_0 = AttemptError("Again, please.", "RATE_LIMIT", retry_after=0 * SECOND)
FATAL_BUSY = AttemptError("Quota used up.", "RATE_LIMIT", retryable=False)

# Every store that decides by itself (SQL functions) must agree with this table. No jitter: chance is 0.
BUSY_FOR_EVER = AttemptError("See you.", retry_after=timedelta.max)
CASES = [
    # error, attempts, max_attempts, what happens
    (FATAL, 1, 3, Fail("No such voice.", "unknown_voice")),
    (FATAL, 3, 3, Fail("No such voice.", "unknown_voice")),
    (BROKEN, 1, 3, Requeue("retried", "The engine crashed.", 5 * SECOND)),
    (BROKEN, 2, 3, Requeue("retried", "The engine crashed.", 10 * SECOND)),
    (BROKEN, 3, 3, Fail("The engine crashed.", "ENGINE_FAILED")),
    (BROKEN, 4, 3, Fail("The engine crashed.", "ENGINE_FAILED")),
    (BROKEN, 1, 1, Fail("The engine crashed.", "ENGINE_FAILED")),
    (BROKEN, 9, 99, Requeue("retried", "The engine crashed.", 600 * SECOND)),
    (UNKNOWN, 1, 2, Requeue("retried", "Something broke.", 5 * SECOND)),
    (UNKNOWN, 2, 2, Fail("Something broke.", None)),
    (BUSY, 1, 3, Requeue("retried", "Too many requests.", 5 * SECOND, refund=True)),
    (BUSY, 3, 3, Requeue("retried", "Too many requests.", 20 * SECOND, refund=True)),
    (BUSY_FOR_90, 1, 1, Requeue("retried", "Too many requests.", 90 * SECOND, refund=True)),
    (BUSY_FOR_0, 3, 3, Requeue("retried", "Again, please.", 0 * SECOND, refund=True)),
    (DOWN_FOR_30, 3, 3, Requeue("retried", "Back in half a minute.", 30 * SECOND, refund=True)),
    (BUSY_FOR_EVER, 1, 3, Requeue("retried", "See you.", timedelta(days=1), refund=True)),
    (FATAL_BUSY, 1, 3, Fail("Quota used up.", "RATE_LIMIT")),
]


@pytest.mark.parametrize(("error", "attempts", "max_attempts", "expected"), CASES)
def test_each_error_ends_as_the_table_says(
    error: AttemptError, attempts: int, max_attempts: int, expected: Requeue | Fail
) -> None:
    assert after_error(error, attempts, max_attempts, BACKOFF, chance=0.0) == expected


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 5), (2, 10), (3, 20), (4, 40), (7, 320), (8, 600), (9, 600)])
def test_the_wait_doubles_up_to_ten_minutes(attempt: int, seconds: int) -> None:
    assert BACKOFF.delay(attempt, chance=0.0) == seconds * SECOND


def test_chance_adds_up_to_a_fifth() -> None:
    assert BACKOFF.delay(1, chance=0.5) == 5.5 * SECOND
    assert Backoff(jitter=0.0).delay(1, chance=0.9) == 5 * SECOND


@given(st.integers(-10, 10**9), st.floats(0, 1, exclude_max=True))
def test_the_wait_is_within_its_bounds_for_every_attempt(attempt: int, chance: float) -> None:
    assert BACKOFF.first <= BACKOFF.delay(attempt, chance) <= BACKOFF.cap * (1 + BACKOFF.jitter)


@given(st.integers(1, 200), st.floats(0, 1, exclude_max=True))
def test_a_later_attempt_never_waits_less(attempt: int, chance: float) -> None:
    assert BACKOFF.delay(attempt, chance) <= BACKOFF.delay(attempt + 1, chance)


@given(st.integers(1, 50), st.integers(1, 50))
def test_an_error_is_retried_exactly_while_attempts_are_left(attempts: int, max_attempts: int) -> None:
    outcome = after_error(BROKEN, attempts, max_attempts, BACKOFF, chance=0.3)
    assert isinstance(outcome, Requeue) == (attempts < max_attempts)
    assert isinstance(after_lost_worker(attempts, max_attempts), Requeue) == (attempts < max_attempts)


@given(st.integers(1, 50), st.integers(1, 50))
def test_being_told_to_slow_down_never_fails_a_job(attempts: int, max_attempts: int) -> None:
    outcome = after_error(BUSY, attempts, max_attempts, BACKOFF, chance=0.3)
    assert isinstance(outcome, Requeue)
    assert outcome.refund


def test_an_error_that_cannot_get_better_is_no_request_to_slow_down() -> None:
    assert not FATAL_BUSY.is_slow_down
    assert BUSY.is_slow_down
    assert DOWN_FOR_30.is_slow_down
    assert not BROKEN.is_slow_down


def test_a_lost_worker_costs_an_attempt_and_keeps_the_place() -> None:
    assert after_lost_worker(2, 3) == Requeue("lost", LOST_WORKER, delay=None, refund=False)


def test_the_last_lost_worker_fails_the_job_and_says_so() -> None:
    outcome = after_lost_worker(3, 3, "The worker was killed.")
    assert outcome == Fail("The worker was killed. No attempts are left.", "WORKER_LOST", kind="lost")


def test_handing_back_costs_nothing_and_keeps_the_place() -> None:
    assert after_hand_back() == Requeue("handed_back", error=None, delay=None, refund=True)
