"""A worker goes on after its server has been away."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

from tests.conformance.samples import EVERYTHING, add_many, complete
from tests.postgres_server import Cluster
from tests.worker.at_work import SOON, at_work
from ttsqueue.book import Chapter
from ttsqueue.jobs import ClaimedJob, JobStatus, NewJob
from ttsqueue.providers.postgres import PostgresProvider
from ttsqueue.queue import TTSQueue
from ttsqueue.result import JobResult

QUICK = {"heartbeat_interval": timedelta(seconds=0.1), "poll_interval": timedelta(seconds=0.3), "slots": 2}


async def test_a_worker_goes_on_when_its_server_was_killed_and_came_back(
    cluster: Cluster, own: PostgresProvider
) -> None:
    queue = TTSQueue(own, backoff=SOON)
    await add_many(own, 12)
    spoken: list[str] = []

    async def speak(job: ClaimedJob) -> JobResult:
        await asyncio.sleep(0.15)
        spoken.append(job.id)
        return complete(1).result

    async with at_work(queue, speak, **QUICK):
        await asyncio.sleep(0.4)
        await asyncio.to_thread(cluster.stop, "immediate")
        await asyncio.sleep(0.5)
        await asyncio.to_thread(cluster.start)
        async with asyncio.timeout(20):
            while (await own.stats()).completed < 12:  # noqa: ASYNC110 - it is the server that is asked
                await asyncio.sleep(0.1)
    jobs = (await own.page(EVERYTHING, 100)).jobs
    assert {job.status for job in jobs} == {JobStatus.COMPLETED}
    assert set(spoken) == {job.id for job in jobs}


async def test_a_short_book_comes_with_its_claim_and_a_long_one_is_asked_for(provider: PostgresProvider) -> None:
    texts = ["A few words.", "".join(f"Sentence number {number}. " for number in range(20_000))]
    for text in texts:
        await provider.add(NewJob(str(uuid4()), str(uuid4()), (Chapter("ch1", text),)))
    short, long = await provider.claim("w", 2)
    assert short.payload is not None
    assert short.payload == await provider.payload(short.job.id)
    assert long.payload is None
    assert (await provider.payload(long.job.id)).chapters[0].text == texts[1]
