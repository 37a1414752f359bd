"""The records of the chapters: the pointer in the store is what makes a file count."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ttsqueue.book import Chapter
from ttsqueue.errors import JobNotFound
from ttsqueue.provider import QueueProvider
from ttsqueue.records import ChapterRecord
from ttsqueue.result import FinishedChapter

from .samples import STRANGER, claimed, new_job, snapshot, spoken


async def test_a_new_job_lists_its_chapters_in_order_and_unspoken(provider: QueueProvider) -> None:
    chapters = (Chapter("z", "Zoë ran.", "Last first"), Chapter("a", "She hid.", ""), Chapter("10", "…", "Ten"))
    job = await provider.add(replace(new_job(), chapters=chapters))
    assert await provider.chapters(job.id) == [
        ChapterRecord(0, "z", "Last first", 8),
        ChapterRecord(1, "a", "", 8),
        ChapterRecord(2, "10", "Ten", 1),
    ]
    assert job.total_chapters == 3


async def test_everything_measured_of_a_chapter_comes_back(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    finished = FinishedChapter(1, "résumé/ch2.m4a", 61.000123, True, {"samples": 2_690_105.0, "loudness": -23.4})
    await provider.save_chapter(claim.lease, finished)
    assert (await provider.chapters(claim.job.id))[1].finished == finished


async def test_a_chapter_knows_when_it_was_finished(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    job = await provider.save_chapter(claim.lease, spoken(0))
    finished_at = (await provider.chapters(claim.job.id))[0].finished_at
    assert claim.job.started_at is not None
    assert finished_at is not None
    assert claim.job.started_at <= finished_at <= job.updated_at


async def test_saving_a_chapter_again_replaces_the_pointer(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    await provider.save_chapter(claim.lease, spoken(0, "old"))
    await provider.save_chapter(claim.lease, spoken(0, "new"))
    assert (await provider.chapters(claim.job.id))[0].finished == spoken(0, "new")


async def test_a_forgotten_chapter_is_unspoken_again(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    fresh = await provider.chapters(claim.job.id)
    await provider.save_chapter(claim.lease, spoken(0))
    await provider.save_chapter(claim.lease, spoken(1))
    await provider.forget_chapter(claim.lease, 0)
    records = await provider.chapters(claim.job.id)
    assert records[0] == fresh[0]
    assert records[1].finished == spoken(1)


async def test_forgetting_an_unspoken_chapter_is_harmless(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    before = await provider.chapters(claim.job.id)
    await provider.forget_chapter(claim.lease, 2)
    assert await provider.chapters(claim.job.id) == before


async def test_saving_a_chapter_leaves_other_jobs_alone(provider: QueueProvider) -> None:
    claim, bystander = await claimed(provider), await claimed(provider)
    before = await snapshot(provider, bystander.job.id)
    await provider.save_chapter(claim.lease, spoken(0))
    await provider.forget_chapter(claim.lease, 0)
    assert await snapshot(provider, bystander.job.id) == before


async def test_an_unknown_job_has_no_chapters(provider: QueueProvider) -> None:
    with pytest.raises(JobNotFound):
        await provider.chapters(STRANGER)
    with pytest.raises(JobNotFound):
        await provider.payload(STRANGER)
