"""The lid is closed for longer than a job may be silent: the wall clock, and with it the store's, jumps."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from ttsqueue.jobs import JobStatus
from ttsqueue.queue import TTSQueue
from ttsqueue.worker.lease_keeper import LeaseKeeper
from ttsqueue.worker.upkeep import Upkeep
from ttsqueue.worker.wakefulness import Moment, asleep_between

from .samples import book

STUCK_AFTER = timedelta(minutes=30)
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def sleep(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """What a machine that slept finds: time.monotonic() has stood still."""

    def sleep(span: timedelta) -> None:
        wall, wall_ns = time.time, time.time_ns
        monkeypatch.setattr(time, "time", lambda: wall() + span.total_seconds())
        monkeypatch.setattr(time, "time_ns", lambda: wall_ns() + span // timedelta(microseconds=1) * 1000)

    return sleep


@pytest.mark.parametrize(
    ("now", "asleep"),
    [(Moment(160, 60), 0), (Moment(3760, 60), 3600), (Moment(130, 60), 0), (Moment(3700, 3600), 0)],
    ids=["awake", "asleep", "clock_set_back", "merely_late"],
)
def test_a_machine_slept_while_the_wall_clock_went_on_alone(now: Moment, asleep: float) -> None:
    assert asleep_between(Moment(100, 0), now) == asleep


async def claimed(queue: TTSQueue, keeper: LeaseKeeper | None) -> str:
    job_id = await queue.add_job(book(1))
    (job,) = await queue.claim_jobs("worker", 1)
    if keeper is not None:
        keeper.keep(job.lease, lambda: None)
    return job_id


async def test_nobodys_job_is_taken_away_when_the_machine_wakes_and_a_dead_workers_in_the_next_round(
    queue: TTSQueue, sleep: Callable[[timedelta], None]
) -> None:
    keeper = LeaseKeeper(queue.provider, timedelta(seconds=10))
    upkeep = Upkeep(queue, keeper, STUCK_AFTER, timedelta(seconds=5))
    ours, of_another_worker = await claimed(queue, keeper), await claimed(queue, None)
    await keeper.look()
    await upkeep.round()
    sleep(AN_HOUR)
    await upkeep.round()
    assert (await queue.get_job(ours)).status is JobStatus.PROCESSING
    assert (await queue.get_job(of_another_worker)).status is JobStatus.PROCESSING
    await upkeep.round()
    assert (await queue.get_job(ours)).status is JobStatus.PROCESSING
    assert (await queue.get_job(of_another_worker)).status is JobStatus.PENDING


async def test_a_nap_too_short_to_look_stuck_puts_no_upkeep_off(
    queue: TTSQueue, sleep: Callable[[timedelta], None]
) -> None:
    job_id = await claimed(queue, None)
    sleep(AN_HOUR)
    upkeep = Upkeep(queue, LeaseKeeper(queue.provider, timedelta(seconds=10)), STUCK_AFTER, timedelta(seconds=5))
    sleep(timedelta(minutes=9))
    await upkeep.round()
    assert (await queue.get_job(job_id)).status is JobStatus.PENDING
