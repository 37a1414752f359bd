"""How many characters a user has handed in lately: what daily limits are held against."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from ttsqueue.book import Chapter
from ttsqueue.jobs import NewJob
from ttsqueue.provider import QueueProvider

from .samples import STRANGER, USER, claimed, complete, new_job

DAY = timedelta(days=1)


def book(*lengths: int, user_id: str = USER) -> NewJob:
    chapters = tuple(Chapter(f"ch{n}", "ü" * length) for n, length in enumerate(lengths))
    return replace(new_job(user_id=user_id), chapters=chapters)


async def test_who_handed_in_nothing_has_used_nothing(provider: QueueProvider) -> None:
    await provider.add(book(700))
    assert await provider.characters_since(STRANGER, DAY) == 0


async def test_all_chapters_of_all_of_a_users_jobs_count(provider: QueueProvider) -> None:
    for job in (book(700, 0, 30), book(5), book(11, user_id=STRANGER)):
        await provider.add(job)
    assert await provider.characters_since(USER, DAY) == 735
    assert await provider.characters_since(STRANGER, DAY) == 11


async def test_jobs_that_have_ended_count_too(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    used = await provider.characters_since(USER, DAY)
    await provider.settle(claim.lease, complete())
    assert await provider.characters_since(USER, DAY) == used > 0


async def test_older_jobs_do_not_count_whether_deleted_or_not(provider: QueueProvider) -> None:
    old, kept = await provider.add(book(700)), await provider.add(book(90))
    await asyncio.sleep(0.2)
    await provider.add(book(5))
    await provider.cancel(old.id)
    await provider.delete(old.id)
    assert await provider.characters_since(USER, timedelta(seconds=0.15)) == 5
    assert await provider.characters_since(USER, timedelta(minutes=5)) == 795
    assert (await provider.get(kept.id)).id == kept.id


@pytest.mark.parametrize("jobs", [1, 3])
async def test_deleting_jobs_gives_nothing_back(provider: QueueProvider, jobs: int) -> None:
    for _ in range(jobs):
        job = await provider.add(book(700, 30))
        await provider.cancel(job.id)
        await provider.delete(job.id)
    await provider.prune()
    assert await provider.characters_since(USER, DAY) == 730 * jobs
    assert await provider.characters_since(STRANGER, DAY) == 0
