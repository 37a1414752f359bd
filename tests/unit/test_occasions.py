from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from ttsqueue.occasions import occasions

MUCH_TOO_LONG = 60.0


async def told(*items: frozenset[str], then: float = 0.0) -> AsyncGenerator[frozenset[str], None]:
    """These, and then silence for so many seconds."""
    for item in items:
        yield item
    await asyncio.sleep(then)


async def test_a_job_is_looked_at_when_it_is_named_or_nobody_knows_which_changed() -> None:
    changes = told(frozenset(), frozenset({"other"}), frozenset({"other", "ours"}), frozenset({"other"}))
    assert [is_told async for is_told in occasions("ours", changes, MUCH_TOO_LONG)] == [True, True]


async def test_a_job_of_which_nothing_is_heard_is_looked_at_again_and_again() -> None:
    changes = told(frozenset(), then=MUCH_TOO_LONG)
    async with aclosing(occasions("ours", changes, 0.01)) as looks, asyncio.timeout(5):
        assert [await anext(looks) for _ in range(3)] == [True, False, False]


async def test_news_of_other_jobs_do_not_put_the_look_off() -> None:
    async def busy() -> AsyncGenerator[frozenset[str], None]:
        while True:
            yield frozenset({"other"})
            await asyncio.sleep(0.001)

    async with aclosing(occasions("ours", busy(), 0.05)) as looks, asyncio.timeout(5):
        assert await anext(looks) is False


async def test_what_ends_the_changes_ends_the_looks() -> None:
    async def broken() -> AsyncGenerator[frozenset[str], None]:
        yield frozenset()
        raise OSError("away")

    async with aclosing(occasions("ours", broken(), MUCH_TOO_LONG)) as looks:
        assert await anext(looks)
        with pytest.raises(OSError, match="away"):
            await anext(looks)


async def test_who_stops_looking_stops_listening() -> None:
    changes = told(frozenset(), then=MUCH_TOO_LONG)
    async with aclosing(occasions("ours", changes, MUCH_TOO_LONG)) as looks:
        await anext(looks)
    assert [item async for item in changes] == []
