"""Promise 6: no finished chapter is spoken twice, and a job is spoken to its end as it was handed in."""

from __future__ import annotations

import asyncio

import pytest

from ttsqueue.book import VoiceSettings
from ttsqueue.provider import QueueProvider

from .leases import TAKEN_AWAY, Write, failed, handed_back
from .samples import FAIL, claim_one, claimed, complete, spoken
from .store import Store

KEEPS_CHAPTERS = [way for way in TAKEN_AWAY if way.__name__ != "completed"]


@pytest.mark.parametrize("take_away", KEEPS_CHAPTERS, ids=lambda way: way.__name__)
async def test_finished_chapters_survive(provider: QueueProvider, take_away: Write) -> None:
    claim = await claimed(provider)
    for index in (0, 2):
        await provider.save_chapter(claim.lease, spoken(index))
    before = await provider.chapters(claim.job.id)
    await take_away(provider, claim.lease)
    assert await provider.chapters(claim.job.id) == before
    assert [record.finished is not None for record in before] == [True, False, True]


@pytest.mark.parametrize("take_away", [handed_back, failed], ids=lambda way: way.__name__)
async def test_the_settings_are_those_of_the_submission(provider: QueueProvider, take_away: Write) -> None:
    voice = VoiceSettings("espeak:en", 1.25)
    claim = await claimed(provider, voice_settings=voice)
    before = await provider.payload(claim.job.id)
    await take_away(provider, claim.lease)
    assert await provider.payload(claim.job.id) == before
    assert before.voice_settings == voice


async def test_all_chapters_of_a_book_have_one_voice(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    assert claim.job.voice_id is None
    assert (await provider.freeze_voice(claim.lease, "espeak:en")).voice_id == "espeak:en"
    assert (await provider.freeze_voice(claim.lease, "espeak:de")).voice_id == "espeak:en"
    await provider.settle(claim.lease, FAIL)
    assert (await provider.retry(claim.job.id)).voice_id == "espeak:en"
    again = await claim_one(provider)
    assert (await provider.freeze_voice(again.lease, "espeak:fr")).voice_id == "espeak:en"
    assert (await provider.get(claim.job.id)).voice_id == "espeak:en"


async def test_a_job_goes_on_where_another_process_stopped(store: Store, provider: QueueProvider) -> None:
    async with store.opened() as first:
        claim = await claimed(first)
        await first.save_chapter(claim.lease, spoken(0))
    assert await provider.lost([claim.lease]) == frozenset()
    await provider.save_chapter(claim.lease, spoken(1))
    done = await provider.settle(claim.lease, complete())
    assert done.result is not None
    assert [record.finished for record in await provider.chapters(done.id)] == [spoken(0), spoken(1), None]


async def test_chapters_spoken_side_by_side_are_all_kept(provider: QueueProvider, other: QueueProvider) -> None:
    claim = await claimed(provider, chapters=24)
    handles = (provider, other)
    await asyncio.gather(*(handles[index % 2].save_chapter(claim.lease, spoken(index)) for index in range(24)))
    assert [record.finished for record in await provider.chapters(claim.job.id)] == [spoken(i) for i in range(24)]
