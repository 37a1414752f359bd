"""What of a result goes into BullMQ's stream of events, which keeps ten thousand of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from redis.asyncio import Redis

from tests.conformance.samples import claim_one, complete, new_job
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.redis.keys import BULL


@pytest.mark.parametrize(("chapters", "is_told"), [(100, True), (101, False), (1500, False)])
async def test_a_long_list_of_files_is_told_by_us_alone(
    provider: RedisProvider, redis: Redis, chapters: int, is_told: bool
) -> None:
    await provider.add(new_job(chapters))
    claim = await claim_one(provider)
    outcome = complete(chapters)
    await provider.settle(claim.lease, outcome)

    events: Any = await redis.xrange(f"{BULL}events")
    (told,) = [fields for _, fields in events if fields["event"] == "completed"]
    result = json.loads(told["returnvalue"])
    assert ("audioFileIds" in result) is is_told
    assert (result["totalDuration"], result["audiobookFileId"]) == (12.5 * chapters, "book")
    assert len(told["returnvalue"]) < 2_000
    assert await redis.hget(f"{BULL}{claim.job.id}", "returnvalue") == told["returnvalue"]

    kept = (await provider.get(claim.job.id)).result
    assert kept is not None
    assert kept.audio_file_ids == outcome.result.audio_file_ids
