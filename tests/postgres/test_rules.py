"""SQL decides as Python does: both run through one table of cases."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.unit.test_retry import CASES
from ttsqueue.active_key import active_key
from ttsqueue.jobs import JobType
from ttsqueue.outcome import Fail, Requeue
from ttsqueue.retry import AttemptError

RULE = "SELECT outcome, delay, refund FROM tts_after_error(%s, %s, %s, %s, %s, 0)"
FAR = timedelta(days=10_000)
"""PostgreSQL has no interval as long as Python's longest."""


@pytest.mark.parametrize(("error", "attempts", "max_attempts", "expected"), CASES)
def test_each_error_ends_in_sql_as_the_table_says(
    plain: psycopg.Connection, error: AttemptError, attempts: int, max_attempts: int, expected: Requeue | Fail
) -> None:
    wish = None if error.retry_after is None else min(error.retry_after, FAR)
    row = plain.execute(RULE, (attempts, max_attempts, error.retryable, error.code, wish)).fetchone()
    if isinstance(expected, Fail):
        assert row == ("fail", None, False)
    else:
        assert row == ("retry", expected.delay, expected.refund)


@pytest.mark.parametrize("chapters", [[], ["ch1"], ["1", "2"], ["12"], ["é", "🜁", "a:b"]])
def test_the_key_of_an_active_job_is_the_same(plain: psycopg.Connection, chapters: list[str]) -> None:
    user, work = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"
    outline = Jsonb([[chapter, "", 0] for chapter in chapters])
    row = plain.execute("SELECT tts_active_key(%s, %s, %s, %s)", (user, work, "sample", outline)).fetchone()
    assert row == (active_key(user, work, JobType.SAMPLE, chapters),)
