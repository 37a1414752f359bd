"""What a store writes down about a job's life: times, states and attempts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ttsqueue.errors import JobNotFound
from ttsqueue.jobs import Job, JobStatus
from ttsqueue.outcome import Fail, Outcome
from ttsqueue.provider import QueueProvider

from .samples import (
    AT_ONCE,
    FAIL,
    HAND_BACK,
    LOST,
    STRANGER,
    back_off,
    claim_one,
    claimed,
    complete,
    new_job,
    spoken,
)

CLOCK_SKEW = timedelta(seconds=2)

ENDS: dict[str, tuple[Outcome, JobStatus, str | None]] = {
    "completed": (complete(), JobStatus.COMPLETED, None),
    "failed": (FAIL, JobStatus.FAILED, FAIL.error),
    "retried": (back_off(AT_ONCE), JobStatus.PENDING, "The server hung up."),
    "handed_back": (HAND_BACK, JobStatus.PENDING, None),
    "lost": (LOST, JobStatus.PENDING, LOST.error),
}


async def states(provider: QueueProvider, job_id: str) -> list[str]:
    return [change.status.value for change in await provider.history(job_id)]


def times(job: Job) -> list[datetime]:
    optional = (job.started_at, job.completed_at, job.heartbeat_at)
    return [job.created_at, job.updated_at, job.run_at, *(time for time in optional if time is not None)]


async def test_all_times_are_in_utc_and_close_to_now(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    await provider.save_chapter(claim.lease, spoken(0))
    job = await provider.settle(claim.lease, complete())
    moments = times(job) + [change.at for change in await provider.history(job.id)]
    moments += [attempt.started_at for attempt in await provider.attempts(job.id)]
    assert all(moment.tzinfo is UTC for moment in moments)
    assert all(abs(moment - datetime.now(UTC)) < CLOCK_SKEW for moment in moments)


async def test_a_job_is_created_started_and_completed_in_that_order(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    job = await provider.settle(claim.lease, complete())
    assert job.started_at is not None
    assert job.completed_at is not None
    assert job.created_at <= job.started_at <= job.completed_at <= job.updated_at
    assert job == await provider.get(job.id)


async def test_a_new_job_has_not_started(provider: QueueProvider) -> None:
    job = await provider.add(new_job())
    assert (job.started_at, job.completed_at, job.heartbeat_at, job.worker_id) == (None, None, None, None)
    assert job.status is JobStatus.PENDING
    assert job == await provider.get(job.id)


async def test_started_at_is_that_of_the_first_claim(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    for outcome in (LOST, HAND_BACK, FAIL):
        await provider.settle((await provider.claims_of("worker-1"))[0].lease, outcome)
        if outcome is FAIL:
            await provider.retry(claim.job.id)
        again = await claim_one(provider)
        assert again.job.started_at == claim.job.started_at
        assert again.job.heartbeat_at != claim.job.heartbeat_at


async def test_every_write_moves_updated_at(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    job = await provider.save_chapter(claim.lease, spoken(0))
    assert job.updated_at > claim.job.updated_at
    assert job.heartbeat_at is not None
    assert claim.job.heartbeat_at is not None
    assert job.heartbeat_at > claim.job.heartbeat_at


async def test_a_completed_job_holds_its_result(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    job = await provider.settle(claim.lease, complete())
    assert job.result is not None
    assert job.result.audio_file_ids == ("audio-1", "audio-2", "audio-3")
    assert (job.result.total_duration, job.result.audiobook_file_id) == (37.5, "book")
    assert job.result.completed_at is not None
    assert job.completed_at is not None
    assert abs(job.result.completed_at - job.completed_at) < timedelta(milliseconds=1)


@pytest.mark.parametrize("end", ["failed", "cancelled"])
async def test_completed_at_tells_when_a_job_ended_in_any_way(provider: QueueProvider, end: str) -> None:
    claim = await claimed(provider)
    job = await (provider.settle(claim.lease, FAIL) if end == "failed" else provider.cancel(claim.job.id))
    assert job.completed_at is not None
    assert job.completed_at >= claim.job.updated_at


async def test_the_history_tells_every_state(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    await provider.settle(claim.lease, HAND_BACK)
    await provider.settle((await claim_one(provider)).lease, FAIL)
    await provider.retry(claim.job.id)
    await provider.settle((await claim_one(provider)).lease, complete())
    assert await states(provider, claim.job.id) == [
        *("pending", "processing", "pending", "processing", "failed"),
        *("pending", "processing", "completed"),
    ]
    moments = [change.at for change in await provider.history(claim.job.id)]
    assert moments == sorted(moments)
    assert moments[0] == claim.job.created_at


async def test_a_cancelled_job_has_its_history(provider: QueueProvider) -> None:
    waiting = await provider.add(new_job())
    await provider.cancel(waiting.id)
    running = await claimed(provider)
    await provider.cancel(running.job.id)
    assert await states(provider, waiting.id) == ["pending", "cancelled"]
    assert await states(provider, running.job.id) == ["pending", "processing", "cancelled"]


@pytest.mark.parametrize("end", ENDS)
async def test_each_attempt_tells_how_it_ended(provider: QueueProvider, end: str) -> None:
    outcome, status, error = ENDS[end]
    claim = await claimed(provider)
    (running,) = await provider.attempts(claim.job.id)
    assert (running.number, running.worker_id, running.started_at) == (1, "worker-1", claim.job.started_at)
    assert (running.ended_at, running.outcome, running.error) == (None, None, None)
    job = await provider.settle(claim.lease, outcome)
    (ended,) = await provider.attempts(claim.job.id)
    assert job.status is status
    assert (ended.outcome, ended.error) == (end, error)
    assert ended.ended_at is not None
    assert ended.started_at <= ended.ended_at <= job.updated_at


async def test_a_cancelled_attempt_is_recorded(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    await provider.cancel(claim.job.id)
    (attempt,) = await provider.attempts(claim.job.id)
    assert (attempt.outcome, attempt.ended_at is None) == ("cancelled", False)


async def test_the_last_loss_is_recorded_as_such(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    await provider.settle(claim.lease, Fail("Gone.", "WORKER_LOST", kind="lost"))
    (attempt,) = await provider.attempts(claim.job.id)
    assert (attempt.outcome, attempt.error) == ("lost", "Gone.")


async def test_every_claim_is_an_attempt_under_its_workers_name(provider: QueueProvider) -> None:
    job = await provider.add(new_job())
    outcomes: list[Outcome] = [HAND_BACK, LOST, FAIL, complete()]
    for number, outcome in enumerate(outcomes, 1):
        claim = await claim_one(provider, f"worker-{number}")
        assert claim.job.worker_id == f"worker-{number}"
        await provider.settle(claim.lease, outcome)
        if outcome is FAIL:
            await provider.retry(job.id)
    attempts = await provider.attempts(job.id)
    assert [attempt.number for attempt in attempts] == [1, 2, 3, 4]
    assert [attempt.worker_id for attempt in attempts] == ["worker-1", "worker-2", "worker-3", "worker-4"]
    assert [attempt.outcome for attempt in attempts] == ["handed_back", "lost", "failed", "completed"]


async def test_an_unclaimed_job_has_no_attempts(provider: QueueProvider) -> None:
    assert await provider.attempts((await provider.add(new_job())).id) == []


async def test_an_unknown_job_has_no_records(provider: QueueProvider) -> None:
    for read in (provider.get, provider.attempts, provider.history, provider.position):
        with pytest.raises(JobNotFound) as unknown:
            await read(STRANGER)
        assert unknown.value.job_id == STRANGER


async def test_stats_count_each_state(provider: QueueProvider) -> None:
    for outcome in (complete(), FAIL, FAIL):
        await provider.settle((await claimed(provider)).lease, outcome)
    await provider.cancel((await claimed(provider)).job.id)
    await claimed(provider)
    await provider.add(new_job())
    stats = await provider.stats()
    assert (stats.pending, stats.processing, stats.completed, stats.failed, stats.cancelled) == (1, 1, 1, 2, 1)
