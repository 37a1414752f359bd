"""What takes more than one call can be cut between two of them. Whoever comes next closes each such gap."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import uuid4

import pytest
from bullmq import Job as BullJob
from bullmq import Queue
from redis.asyncio import Redis

from tests.conformance.samples import claim_one, complete, new_job
from ttsqueue.jobs import JobStatus
from ttsqueue.outcome import Fail
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.redis.keys import BULL
from ttsqueue.providers.redis.lane import Lane
from ttsqueue.schema_state import SchemaState

from .at_work import store
from .life import SCRIPTS
from .test_adoption import NAME, data, soon
from .test_other_workers import another_worker, in_state, speak

Act = Callable[[RedisProvider], Awaitable[Any]]


class Killed(BaseException):
    """The process ends here."""


@asynccontextmanager
async def killed_before(url: str, script: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RedisProvider]:
    """A provider in a process that dies before it can run this script."""
    assert script in SCRIPTS
    run = Lane.run

    def dies(self: Lane, name: str, *arguments: Any) -> Any:
        if name == script:
            raise Killed
        return run(self, name, *arguments)

    provider = RedisProvider(url)
    with monkeypatch.context() as patch:
        patch.setattr(Lane, "run", dies)
        try:
            await provider.open()
            yield provider
        except Killed:
            pass
        else:
            raise AssertionError(f"{script} was not run")
        finally:
            await provider.aclose()


async def claim(provider: RedisProvider) -> None:
    await provider.claim("doomed")


async def sweep(provider: RedisProvider) -> None:
    await provider.prune()


@pytest.mark.parametrize("act", [claim, sweep])
@pytest.mark.parametrize("script", ["follow", "adopt"])
async def test_the_adoption_of_a_job_is_taken_up_again(
    url: str, bullmq: Queue, monkeypatch: pytest.MonkeyPatch, act: Act, script: str
) -> None:
    """Its two steps: what is it? make it ours."""
    await bullmq.add(NAME, data(), {"jobId": (job_id := str(uuid4()))})
    async with killed_before(url, script, monkeypatch) as doomed:
        await act(doomed)
    async with store(url) as survivor:
        await survivor.prune()
        assert (await survivor.get(job_id)).status is JobStatus.PENDING
        assert (await claim_one(survivor)).job.id == job_id


@pytest.mark.parametrize("act", [claim, sweep])
@pytest.mark.parametrize("script", ["follow", "refuse"])
async def test_the_refusal_of_a_job_is_taken_up_again(
    url: str, bullmq: Queue, monkeypatch: pytest.MonkeyPatch, act: Act, script: str
) -> None:
    made = await bullmq.add(NAME, {"what": "is this?"}, {})
    async with killed_before(url, script, monkeypatch) as doomed:
        await act(doomed)
    async with store(url) as survivor:
        assert await survivor.claim("w") == []
        assert "list of chapters" in (await BullJob.fromId(bullmq, made.id)).failedReason


async def test_what_a_tool_did_is_followed_though_its_first_witness_died(
    url: str, bullmq: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with store(url) as provider:
        removed, retried = await provider.add(new_job()), await provider.add(new_job(priority=1))
        await provider.settle((await claim_one(provider)).lease, Fail("no voice"))
    await bullmq.remove(removed.id)
    await (await BullJob.fromId(bullmq, retried.id)).retry()
    async with killed_before(url, "follow", monkeypatch) as doomed:
        await sweep(doomed)
    async with store(url) as survivor:
        await survivor.prune()
        assert (await survivor.get(removed.id)).status is JobStatus.CANCELLED
        assert (await survivor.get(retried.id)).status is JobStatus.PENDING


async def test_a_sweep_of_many_jobs_that_was_cut_finds_all_of_them_again(
    url: str, bullmq: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes through a large queue in parts, and remembers how far it came."""
    given = [data() for _ in range(2_500)]
    await bullmq.addBulk([{"name": NAME, "data": each, "opts": {"priority": 5}} for each in given])
    async with killed_before(url, "follow", monkeypatch) as doomed:
        await sweep(doomed)
    async with store(url) as survivor:
        for _ in range(8):
            await survivor.prune()
        assert (await survivor.stats()).pending == len(given)


@pytest.mark.parametrize("earlier", ["a minute ago", "long ago"])
async def test_books_that_another_worker_ended_are_found_again_after_a_sweep_that_was_cut(
    url: str, bullmq: Queue, redis: Redis, monkeypatch: pytest.MonkeyPatch, earlier: str
) -> None:
    made = [await bullmq.add(NAME, data(), {}) for _ in range(3)]
    async with another_worker(url, speak):
        for each in made:
            await soon(lambda each=each: in_state(bullmq, each.id, "completed"))  # type: ignore[misc]
    if earlier == "long ago":
        for each in made:
            await redis.zincrby(f"{BULL}completed", -3_600_000, each.id)
    async with killed_before(url, "follow", monkeypatch) as doomed:
        await sweep(doomed)
        await sweep(doomed)
    async with store(url) as survivor:
        for _ in range(3):
            await survivor.prune()
        assert (await survivor.stats()).completed == len(made)


async def test_what_ended_days_before_we_came_is_none_of_our_business(url: str, bullmq: Queue, redis: Redis) -> None:
    made = await bullmq.add(NAME, data(), {})
    async with another_worker(url, speak):
        await soon(lambda: in_state(bullmq, made.id, "completed"))
    await redis.zincrby(f"{BULL}completed", -2 * 86_400_000, made.id)
    async with store(url) as provider:
        for _ in range(3):
            await provider.prune()
        assert (await provider.stats()).completed == 0


async def test_who_died_before_the_first_mark_of_ours_leaves_a_store_that_opens(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with suppress(RuntimeError):  # a block that never begins
        async with killed_before(url, "install", monkeypatch):
            raise AssertionError("opened")
    async with store(url) as survivor:
        assert await survivor.schema_state() == SchemaState(1, 1, 1)


async def test_a_claim_whose_worker_never_heard_of_it_is_given_back(url: str) -> None:
    """The one gap that needs time or a takeover: it stands under the worker's name until then."""
    async with store(url) as doomed:
        job = await doomed.add(new_job())
        await doomed.claim("doomed")
    async with store(url) as survivor:
        (stray,) = await survivor.claims_of("doomed")
        assert stray.job.id == job.id
        await survivor.settle(stray.lease, complete())
