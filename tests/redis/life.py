"""Everything that a queue is asked to do, once: each script of ours runs."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from importlib.resources import files
from typing import Any
from uuid import uuid4

import pytest
from bullmq import Queue

from tests.conformance.samples import EVERYTHING, HAND_BACK, back_off, claim_one, complete, new_job, spoken
from ttsqueue.jobs import IdempotencyKey, JobStatus, Progress
from ttsqueue.outcome import Fail
from ttsqueue.process_identity import this_process
from ttsqueue.provider import QueueProvider
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.redis.lane import Lane
from ttsqueue.server_keys import ServerKey
from ttsqueue.workers import Worker

SCRIPTS = {
    script.name.removesuffix(".lua")
    for script in files("ttsqueue.providers.redis").joinpath("scripts").iterdir()
    if script.name.endswith(".lua")
}


def scripts_run(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Fills with the names of the scripts that are run from now on."""
    seen: set[str] = set()
    run = Lane.run

    def noted(self: Lane, name: str, *arguments: Any) -> Any:
        seen.add(name)
        return run(self, name, *arguments)

    monkeypatch.setattr(Lane, "run", noted)
    return seen


async def live(provider: RedisProvider, bullmq: Queue) -> None:
    await provider.wait_for_work(0.1)
    await _a_job(provider)
    await _jobs_of_others(provider, bullmq)
    await _ends(provider)
    await _a_move(provider)
    await _the_queue_as_a_whole(provider)


async def _a_job(provider: QueueProvider) -> None:
    key = IdempotencyKey("key", "body")
    job = await provider.add(new_job(), key)
    assert await provider.earlier_job(job.user_id, key) == job
    await provider.position(job.id)
    await provider.waiting_since()
    claim = await claim_one(provider)
    await provider.freeze_voice(claim.lease, "espeak:en")
    await provider.save_chapter(claim.lease, spoken(0))
    await provider.forget_chapter(claim.lease, 0)
    await provider.update_progress(claim.lease, Progress(50))
    assert await provider.heartbeat([claim.lease]) == frozenset()
    assert await provider.lost([claim.lease]) == frozenset()
    await provider.claims_of("worker-1")
    await provider.stuck(timedelta(hours=1))
    await provider.settle(claim.lease, HAND_BACK)
    await provider.settle((await claim_one(provider)).lease, back_off(timedelta(milliseconds=1)))
    await provider.next_due()
    await provider.payload(job.id)
    await provider.cancel(job.id)
    await provider.retry(job.id)
    await provider.settle((await claim_one(provider)).lease, complete())
    assert (await provider.get(job.id)).status is JobStatus.COMPLETED
    for look in (provider.chapters, provider.attempts, provider.history):
        assert await look(job.id)
    await provider.delete(job.id)


async def _jobs_of_others(provider: QueueProvider, bullmq: Queue) -> None:
    ids = {"workId": str(uuid4()), "userId": str(uuid4())}
    await bullmq.add("generate-tts", {**ids, "chapters": [{"chapterId": "a", "text": "Fog."}]}, {})
    await bullmq.add("generate-tts", {"what": "is this?"}, {})
    await provider.settle((await claim_one(provider)).lease, complete(1))


async def _ends(provider: QueueProvider) -> None:
    await provider.add(new_job())
    await provider.settle((await claim_one(provider)).lease, Fail("no voice"))
    later = await provider.add(new_job(delay=timedelta(hours=1)))
    await provider.cancel(later.id)


async def _a_move(provider: QueueProvider) -> None:
    """There and back, then away for good; and in again, as it would be elsewhere."""
    job = await provider.add(new_job())
    await provider.take_out("redis://elsewhere")
    first = await provider.departing(job.id)
    assert first is not None
    assert await provider.come_back(first.lease)
    assert (await provider.take_out("redis://elsewhere")).job_ids == (job.id,)
    assert [departed.job_id for departed in await provider.departed()] == [job.id]
    moving = await provider.departing(job.id)
    assert moving is not None
    await provider.gone([moving.lease])
    await provider.arrive(moving)
    await provider.close_arrivals([moving.lease])
    await provider.cancel(job.id)


async def _the_queue_as_a_whole(provider: QueueProvider) -> None:
    worker = Worker("worker-1", uuid4().hex, this_process(), "1", 1)
    await provider.register_worker(worker)
    assert await provider.worker_alive(worker.instance)
    assert await provider.workers()
    await provider.remove_worker(worker.instance)
    await provider.add_key(ServerKey("shop", "digest", is_admin=False))
    assert await provider.key_with("digest")
    await provider.remove_key("shop")
    await provider.set_paused(True)
    assert await provider.is_paused()
    await provider.set_paused(False)
    await asyncio.sleep(1.1)  # then it is counted whether jobs are missing
    assert await provider.write_note("n", "text", 0)
    assert (await provider.note("n")).text == "text"
    await provider.prune()
    await provider.stats()
    await provider.count(EVERYTHING)
    await provider.page(EVERYTHING, 10)
    await provider.activity(timedelta(hours=1), 4)
    await provider.characters_since("u", timedelta(hours=1))
