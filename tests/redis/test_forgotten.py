"""A Redis that has forgotten its last seconds: killed before they were on disk, or replaced by one that lagged."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from tests.conformance.samples import claim_one, complete, new_job, spoken
from tests.redis_server import Server
from tests.worker.at_work import outcomes, reached
from tests.worker.samples import DONE
from ttsqueue.errors import LeaseLost
from ttsqueue.jobs import ClaimedJob, JobStatus, Lease
from ttsqueue.provider import QueueProvider
from ttsqueue.result import JobResult
from ttsqueue.worker import strays

from .at_work import machine, opened, store


@pytest.fixture
def forgetful() -> Iterator[Server]:
    server = Server("--appendonly", "no")
    yield server
    server.remove()


@asynccontextmanager
async def forgotten(server: Server) -> AsyncIterator[None]:
    """What is done in here Redis does not remember afterwards."""
    server.run("SAVE")
    yield
    server.kill()
    await asyncio.to_thread(server.start)


async def is_refused(provider: QueueProvider, lease: Lease) -> bool:
    """Every write of this lease."""
    with pytest.raises(LeaseLost):
        await provider.save_chapter(lease, spoken(0))
    with pytest.raises(LeaseLost):
        await provider.settle(lease, complete(1))
    return await provider.heartbeat([lease]) == {lease}


async def test_a_claim_that_was_forgotten_has_no_part_in_the_next_one(forgetful: Server) -> None:
    async with store(forgetful.url) as provider:
        await provider.add(new_job(1))
        async with forgotten(forgetful):
            before = await claim_one(provider, "a")
        after = await claim_one(provider, "b")
        assert await is_refused(provider, before.lease)
        assert (await provider.settle(after.lease, complete(1))).status is JobStatus.COMPLETED
        assert await is_refused(provider, before.lease)


async def test_no_name_of_a_file_is_given_twice_when_a_claim_was_forgotten(forgetful: Server) -> None:
    """Storage refuses to write one again."""
    tokens = set()
    async with store(forgetful.url) as provider:
        await provider.add(new_job(1))
        for _ in range(3):
            async with forgotten(forgetful):
                tokens.add((await claim_one(provider)).lease.token)
    assert len(tokens) == 3


async def test_a_book_whose_end_was_forgotten_is_soon_spoken_again_by_a_worker_that_lives(
    forgetful: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strays, "LOOK_EVERY", 1.0)
    speaks, may_end = asyncio.Event(), asyncio.Event()

    async def handler(_: ClaimedJob) -> JobResult:
        speaks.set()
        await may_end.wait()
        return DONE

    async with (
        opened(forgetful.url) as queue,
        machine(forgetful.url, handler, poll_interval=timedelta(seconds=0.2)),
    ):
        job_id = await queue.add_job(new_job(1))
        await speaks.wait()
        async with forgotten(forgetful):
            may_end.set()
            await reached(queue, job_id, lambda job: job.status is JobStatus.COMPLETED)
        assert (await queue.get_job(job_id)).status is JobStatus.PROCESSING
        await reached(queue, job_id, lambda job: job.status is JobStatus.COMPLETED)
        assert await outcomes(queue, job_id) == ["lost", "completed"]
