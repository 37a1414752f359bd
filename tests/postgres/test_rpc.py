"""The functions for rpc(): the guide's calls as printed, and what they refuse."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from .callers import ADA, add, job

FUNCTIONS = (
    "claim_next_tts_job",
    "update_tts_job_progress",
    "complete_tts_job",
    "fail_tts_job",
    "reset_stuck_tts_jobs",
)


def claim(connection: psycopg.Connection, worker: str = "worker-1") -> tuple[Any, ...] | None:
    call = "SELECT job_id, work_id, payload, attempts, lease FROM claim_next_tts_job(%s)"
    return connection.execute(call, (worker,)).fetchone()


def claimed(connection: psycopg.Connection) -> tuple[str, int]:
    """Id and lease of a job that was just claimed."""
    add(connection, ADA)
    row = claim(connection)
    assert row is not None
    return str(row[0]), row[4]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_of_each_function_there_is_exactly_one(plain: psycopg.Connection, name: str) -> None:
    assert plain.execute("SELECT count(*) FROM pg_proc WHERE proname = %s", (name,)).fetchone() == (1,)


def test_a_job_goes_from_claim_to_completion(plain: psycopg.Connection) -> None:
    job_id, lease = claimed(plain)
    plain.execute("SELECT update_tts_job_progress(%s, 40, 'Processing chapter 1 of 1', 1)", (job_id,))
    assert job(plain, job_id, "status", "progress_percent", "progress_message", "attempts") == (
        "processing",
        40,
        "Processing chapter 1 of 1",
        1,
    )
    plain.execute("SELECT complete_tts_job(%s, %s, %s)", (job_id, Jsonb({"audioFileIds": ["a"]}), lease))
    status, percent, result, completed = job(plain, job_id, "status", "progress_percent", "result", "completed_at")
    assert (status, percent, result["audioFileIds"]) == ("completed", 100, ["a"])
    assert result["completedAt"].endswith("Z")
    assert completed is not None
    reasons = plain.execute(
        "SELECT status, reason FROM tts_history WHERE job = %s ORDER BY number", (job_id,)
    ).fetchall()
    assert reasons == [("processing", "claimed by worker-1"), ("completed", "completed")]
    attempts = plain.execute("SELECT number, worker_id, outcome FROM tts_attempts WHERE job = %s", (job_id,)).fetchall()
    assert attempts == [(1, "worker-1", "completed")]
    assert plain.execute("SELECT sum(completed), sum(processing) FROM tts_counts").fetchone() == (1, 0)


def test_the_guides_loop_may_report_a_hundred_before_it_completes(plain: psycopg.Connection) -> None:
    job_id, _ = claimed(plain)
    plain.execute("SELECT update_tts_job_progress(%s, 100, 'Done')", (job_id,))
    plain.execute("SELECT update_tts_job_progress(%s, 10, 'Back')", (job_id,))
    assert job(plain, job_id, "progress_percent") == (99,)


def test_a_failed_attempt_comes_back_later_and_the_third_is_the_last(plain: psycopg.Connection) -> None:
    job_id, _ = claimed(plain)
    for attempt in (1, 2, 3):
        assert job(plain, job_id, "status", "attempts") == ("processing", attempt)
        plain.execute("SELECT fail_tts_job(%s, 'The engine crashed.')", (job_id,))
        if attempt < 3:
            assert job(plain, job_id, "status", "run_at > now() + interval '4 s'") == ("pending", True)
            assert claim(plain) is None
            plain.execute("UPDATE tts_jobs SET run_at = now() WHERE id = %s", (job_id,))
            assert claim(plain) is not None
    assert job(plain, job_id, "status", "error_message") == ("failed", "The engine crashed.")


def test_an_error_that_cannot_get_better_fails_at_once(plain: psycopg.Connection) -> None:
    job_id, _ = claimed(plain)
    plain.execute("SELECT fail_tts_job(%s, 'No such voice.', false)", (job_id,))
    assert job(plain, job_id, "status", "attempts", "last_error") == ("failed", 1, "No such voice.")


def test_being_told_to_slow_down_costs_no_attempt(plain: psycopg.Connection) -> None:
    job_id, lease = claimed(plain)
    plain.execute("SELECT fail_tts_job(%s, 'Slow down.', true, %s, 'RATE_LIMIT', interval '90 s')", (job_id, lease))
    assert job(plain, job_id, "status", "attempts", "run_at > now() + interval '80 s'") == ("pending", 0, True)


@pytest.mark.parametrize(
    "call",
    [
        "update_tts_job_progress(%s, 1, 'x', 1, %s)",
        "complete_tts_job(%s, '{}', %s)",
        "fail_tts_job(%s, 'x', true, %s)",
    ],
)
def test_a_stale_lease_changes_nothing(plain: psycopg.Connection, call: str) -> None:
    job_id, lease = claimed(plain)
    before = job(plain, job_id, "status", "progress_percent", "lease")
    with pytest.raises(psycopg.Error, match="lease_lost") as caught:
        plain.execute(f"SELECT {call}", (job_id, lease - 1))
    assert caught.value.sqlstate == "PT409"
    assert job(plain, job_id, "status", "progress_percent", "lease") == before


def test_without_a_lease_a_job_that_was_taken_away_before_is_refused(plain: psycopg.Connection) -> None:
    job_id, _ = claimed(plain)
    plain.execute("UPDATE tts_jobs SET heartbeat_at = now() - interval '31 min' WHERE id = %s", (job_id,))
    assert plain.execute("SELECT reset_stuck_tts_jobs()").fetchone() == (1,)
    again = claim(plain, "worker-2")
    assert again is not None
    with pytest.raises(psycopg.Error, match="lease_required"):
        plain.execute("SELECT complete_tts_job(%s, '{}')", (job_id,))
    plain.execute("SELECT complete_tts_job(%s, '{}', %s)", (job_id, again[4]))
    assert job(plain, job_id, "status") == ("completed",)


def test_an_unknown_job_is_said_to_be_unknown(plain: psycopg.Connection) -> None:
    with pytest.raises(psycopg.Error, match="job_not_found"):
        plain.execute("SELECT complete_tts_job(gen_random_uuid(), '{}')")


def test_a_stuck_job_without_attempts_left_fails(plain: psycopg.Connection) -> None:
    job_id, _ = claimed(plain)
    plain.execute(
        "UPDATE tts_jobs SET heartbeat_at = now() - interval '31 min', attempts = max_attempts WHERE id = %s", (job_id,)
    )
    assert plain.execute("SELECT reset_stuck_tts_jobs()").fetchone() == (1,)
    assert job(plain, job_id, "status", "error_code") == ("failed", "WORKER_LOST")
    assert plain.execute("SELECT reset_stuck_tts_jobs()").fetchone() == (0,)


def test_a_paused_queue_gives_nothing_out(plain: psycopg.Connection) -> None:
    add(plain, ADA)
    plain.execute("UPDATE tts_queue SET paused = true")
    assert claim(plain) is None


def test_the_best_job_is_claimed_first(plain: psycopg.Connection) -> None:
    late, soon, second = add(plain, ADA, 7), add(plain, ADA, 2), add(plain, ADA, 2)
    claims = [claim(plain) for _ in range(3)]
    assert [str(row[0]) for row in claims if row] == [soon, second, late]


def test_the_guides_manual_retry_works_as_printed(plain: psycopg.Connection) -> None:
    job_id, lease = claimed(plain)
    plain.execute("SELECT fail_tts_job(%s, 'No such voice.', false)", (job_id,))
    failed = plain.execute(
        "SELECT id, work_id, error_message, attempts, max_attempts FROM tts_jobs WHERE status = 'failed' "
        "ORDER BY created_at DESC"
    ).fetchall()
    assert [str(row[0]) for row in failed] == [job_id]
    plain.execute("UPDATE tts_jobs SET status = 'pending', attempts = 0 WHERE id = %s", (job_id,))
    state = job(plain, job_id, "status", "attempts", "error_message", "completed_at", "worker_id")
    assert state == ("pending", 0, None, None, None)
    assert job(plain, job_id, f"lease > {lease}") == (True,)
    assert claim(plain) is not None
