"""A book that came past every door is not spoken for money that may not be spent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from ttsqueue.book import VoiceSettings
from ttsqueue.costs.ceilings import Ceilings
from ttsqueue.costs.price_list import PriceList
from ttsqueue.costs.purse import Purse
from ttsqueue.engines.catalogue import VoiceCatalogue
from ttsqueue.jobs import JobStatus, NewJob
from ttsqueue.servers.server import SpeechServer
from ttsqueue.worker import Narrator

from .at_work import Studio, at_work, final, outcomes, reached
from .samples import book_of, text
from .tone_engine import ToneEngine

PRICES = PriceList((SpeechServer("attic", "tone", "http://127.0.0.1", price_per_million_characters=1_000_000),))
PRICE = len(text(1))


def row() -> NewJob:
    """As SQL or BullMQ would put it there."""
    return replace(book_of([text(1)]), voice_settings=VoiceSettings("tone:low"))


@asynccontextmanager
async def narrating(studio: Studio, ceiling: float) -> AsyncIterator[None]:
    provider = studio.queue.provider
    purse = Purse(provider, PRICES, Ceilings(per_user=ceiling))
    async with (
        Narrator(provider, studio.storage, VoiceCatalogue(studio.engines), 1, purse=purse) as narrator,
        at_work(studio.queue, narrator.narrate),
    ):
        yield


async def test_it_waits_without_losing_an_attempt_until_there_is_room(studio: Studio, tone: ToneEngine) -> None:
    first, second = [await studio.queue.provider.add(row()) for _ in range(2)]
    async with narrating(studio, ceiling=1.5 * PRICE):
        assert (await final(studio.queue, first.id)).status is JobStatus.COMPLETED
        waiting = await reached(studio.queue, second.id, lambda job: job.last_error is not None)
    assert (waiting.status, waiting.attempts) == (JobStatus.PENDING, 0)
    assert waiting.run_at.timestamp() - waiting.updated_at.timestamp() == pytest.approx(24 * 3600, abs=120)
    assert "There is room in about 24 hours" in (waiting.last_error or "")
    assert len(tone.spoken) == 1


async def test_what_costs_more_than_a_day_allows_fails_at_once(studio: Studio, tone: ToneEngine) -> None:
    job = await studio.queue.provider.add(row())
    async with narrating(studio, ceiling=PRICE / 2):
        failed = await final(studio.queue, job.id)
    assert (failed.status, failed.error_code) == (JobStatus.FAILED, "too_costly")
    assert await outcomes(studio.queue, job.id) == ["failed"]
    assert tone.spoken == []
