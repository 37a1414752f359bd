"""Promise 9: progress never goes backwards, and is 100 only when the job is completed."""

from __future__ import annotations

import asyncio
import random

import pytest

from ttsqueue.jobs import JobStatus, Progress
from ttsqueue.provider import QueueProvider

from .leases import TAKEN_AWAY, Write, completed
from .samples import claim_one, claimed, complete, new_job, snapshot, spoken


async def test_a_new_job_has_made_no_progress(provider: QueueProvider) -> None:
    job = await provider.add(new_job())
    assert (job.progress_percent, job.current_chapter, job.progress_message, job.eta_seconds) == (0, 0, "", None)


async def test_what_a_worker_reports_is_shown(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    job = await provider.update_progress(claim.lease, Progress(47, "Processing chapter 2 of 3", 2, 81.5))
    shown = (job.progress_percent, job.progress_message, job.current_chapter, job.eta_seconds)
    assert shown == (47, "Processing chapter 2 of 3", 2, 81.5)
    assert job == await provider.get(job.id)
    assert job.status is JobStatus.PROCESSING


@pytest.mark.parametrize("field", ["percent", "message", "current_chapter", "eta_seconds"])
async def test_what_is_not_reported_stays(provider: QueueProvider, field: str) -> None:
    claim = await claimed(provider)
    whole = {"percent": 20, "message": "Halfway", "current_chapter": 2, "eta_seconds": 9.0}
    before = await provider.update_progress(claim.lease, Progress(**whole))  # type: ignore[arg-type]
    changed = {"percent": 30, "message": "On and on", "current_chapter": 3, "eta_seconds": 0.0}
    job = await provider.update_progress(claim.lease, Progress(**{field: changed[field]}))  # type: ignore[arg-type]
    name = {"percent": "progress_percent", "message": "progress_message"}.get(field, field)
    for shown in ("progress_percent", "progress_message", "current_chapter", "eta_seconds"):
        expected = changed[field] if shown == name else getattr(before, shown)
        assert getattr(job, shown) == expected


async def test_progress_never_goes_backwards(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    shown = [
        (await provider.update_progress(claim.lease, Progress(percent))).progress_percent
        for percent in (10, 40, 20, 0, -5, 41)
    ]
    assert shown == [10, 40, 40, 40, 40, 41]


@pytest.mark.parametrize("reported", [100, 99, 1000])
async def test_a_running_job_stops_at_99(provider: QueueProvider, reported: int) -> None:
    claim = await claimed(provider)
    assert (await provider.update_progress(claim.lease, Progress(reported))).progress_percent == 99
    assert (await provider.settle(claim.lease, complete())).progress_percent == 100


async def test_saving_every_chapter_is_not_yet_completion(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    for index in range(3):
        job = await provider.save_chapter(claim.lease, spoken(index))
    assert job.progress_percent < 100
    assert job.status is JobStatus.PROCESSING


@pytest.mark.parametrize("take_away", [w for w in TAKEN_AWAY if w is not completed], ids=lambda way: way.__name__)
async def test_progress_survives(provider: QueueProvider, take_away: Write) -> None:
    claim = await claimed(provider)
    await provider.update_progress(claim.lease, Progress(60))
    await take_away(provider, claim.lease)
    assert (await provider.get(claim.job.id)).progress_percent == 60


async def test_a_second_attempt_does_not_start_from_zero_again(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    await provider.update_progress(claim.lease, Progress(60))
    await provider.cancel(claim.job.id)
    await provider.retry(claim.job.id)
    again = await claim_one(provider)
    assert again.job.progress_percent == 60
    assert (await provider.update_progress(again.lease, Progress(5))).progress_percent == 60


async def test_reports_that_overtake_each_other_leave_the_highest(
    provider: QueueProvider, other: QueueProvider
) -> None:
    claim = await claimed(provider)
    percents = random.Random(7).sample(range(90), 30)
    reports = (
        handle.update_progress(claim.lease, Progress(percent))
        for percent, handle in zip(percents, [provider, other] * 15, strict=True)
    )
    await asyncio.gather(*reports)
    assert (await provider.get(claim.job.id)).progress_percent == max(percents)


async def test_progress_of_one_job_is_not_that_of_another(provider: QueueProvider) -> None:
    claim, bystander = await claimed(provider), await claimed(provider)
    before = await snapshot(provider, bystander.job.id)
    await provider.update_progress(claim.lease, Progress(60, "x", 2, 1.0))
    assert await snapshot(provider, bystander.job.id) == before
