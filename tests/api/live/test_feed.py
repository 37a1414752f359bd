"""A feed whose hub comes back from an outage while the feed looks at its jobs."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.api.live.jobs import OWNER, add_job
from ttsqueue.api.live.feed import Feed
from ttsqueue.api.live.hub import Hub
from ttsqueue.api.live.listener import Interest
from ttsqueue.api.signing import AudioLinks
from ttsqueue.errors import StoreUnavailable
from ttsqueue.queue import TTSQueue

OWNERS = Interest(user_id=OWNER)


async def next_job(feed: Feed) -> str:
    async with asyncio.timeout(3):
        return str(json.loads(await feed.next())["job"]["id"])


async def test_what_went_by_unseen_during_a_look_is_looked_for_again(
    queue: TTSQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = Hub(queue, AudioLinks(b"secret"))
    current, seen, unseen = hub.current, await add_job(queue), ""
    with hub.listening(OWNERS) as listener:

        async def current_before_more_went_by(interest: Interest) -> list[str]:
            nonlocal unseen
            found = await current(interest)
            if not unseen:
                unseen = await add_job(queue, title="Two")
                listener.start_anew()
            return found

        monkeypatch.setattr(hub, "current", current_before_more_went_by)
        feed = Feed(hub, listener, None)
        assert await next_job(feed) == seen
        assert await next_job(feed) == unseen


async def test_a_look_that_came_to_nothing_is_made_again(queue: TTSQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = Hub(queue, AudioLinks(b"secret"))
    current, job_id, tries, looks = hub.current, await add_job(queue), 0, asyncio.Event()

    async def current_at_the_third_try(interest: Interest) -> list[str]:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise StoreUnavailable("away")
        if tries == 2:
            looks.set()
            await asyncio.sleep(60)
        return await current(interest)

    monkeypatch.setattr(hub, "current", current_at_the_third_try)
    with hub.listening(OWNERS) as listener:
        feed = Feed(hub, listener, None)
        given_up = asyncio.create_task(feed.next())
        await looks.wait()
        given_up.cancel()
        await asyncio.wait({given_up})
        assert await next_job(feed) == job_id
