"""A store may be opened by many at once, again and again, and closed twice."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from ttsqueue.provider import QueueProvider

from .processes import children_on
from .samples import add_many, new_job
from .store import Store


async def test_a_new_store_may_be_opened_by_several_processes_at_once(store: Store) -> None:
    async with children_on(store, 3) as children:
        answers = await asyncio.gather(*(child.ask("add", number=n) for n, child in enumerate(children)))
    async with store.opened() as provider:
        assert (await provider.stats()).pending == len(set(answers)) == 3


async def test_a_new_store_may_be_opened_by_several_handles_at_once(store: Store) -> None:
    async with AsyncExitStack() as stack:
        handles = await asyncio.gather(*(stack.enter_async_context(store.opened()) for _ in range(6)))
        await asyncio.gather(*(handle.add(new_job()) for handle in handles))
        assert {(await handle.stats()).pending for handle in handles} == {6}


async def test_closing_twice_is_harmless(provider: QueueProvider) -> None:
    await add_many(provider, 1)
    await provider.aclose()
    await provider.aclose()


async def test_closing_ends_listening_and_waiting(store: Store) -> None:
    async with store.opened() as provider:
        changes = provider.changes()
        assert await anext(changes) == frozenset()
        listening = asyncio.create_task(anext(changes, None))
        waiting = asyncio.create_task(provider.wait_for_work(20))
        await asyncio.sleep(0.05)
    done, _ = await asyncio.wait([listening, waiting], timeout=2)
    for task in (listening, waiting):
        task.cancel()
    await asyncio.wait([listening, waiting])
    await changes.aclose()
    assert done == {listening, waiting}
