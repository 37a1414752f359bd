"""Who is a worker, who is dead, and who takes over."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from ttsqueue import process_identity
from ttsqueue.jobs import Claim, ClaimedJob, JobStatus
from ttsqueue.process_identity import Fate, fate_of, this_process
from ttsqueue.queue import TTSQueue
from ttsqueue.result import JobResult
from ttsqueue.worker.takeover import cleared_away, is_silent
from ttsqueue.workers import Worker, WorkerProcess

from .at_work import at_work, eventually, final, opened, outcomes, processing, reached
from .processes import TINY, worker_process
from .samples import DONE, book, book_of, text

HERE = this_process()


async def done(job: ClaimedJob) -> JobResult:
    return DONE


async def asleep(job: ClaimedJob) -> JobResult:
    await asyncio.sleep(60)
    return DONE


def registered(name: str, process: WorkerProcess) -> Worker:
    return Worker(name, uuid4().hex, process, "0", 1)


async def dead_process() -> WorkerProcess:
    """A process of this host that has just ended."""
    child = await asyncio.create_subprocess_exec("true")
    await child.wait()
    return replace(HERE, pid=child.pid)


async def test_this_process_lives() -> None:
    assert fate_of(HERE, HERE) is Fate.ALIVE


async def test_a_process_that_has_ended_is_dead() -> None:
    assert fate_of(await dead_process(), HERE) is Fate.DEAD


async def test_a_pid_that_was_given_away_again_is_dead() -> None:
    assert fate_of(replace(HERE, started=HERE.started - 1), HERE) is Fate.DEAD


def test_a_killed_process_that_nobody_has_looked_at_is_dead() -> None:
    with subprocess.Popen(["sleep", "60"]) as child:
        there = replace(HERE, pid=child.pid, started=process_identity._started(child.pid) or 0.0)
        assert fate_of(there, HERE) is Fate.ALIVE
        child.kill()
        while psutil.Process(child.pid).status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)
        assert fate_of(there, HERE) is Fate.DEAD


@pytest.mark.parametrize(
    "there", [replace(HERE, host="attic"), replace(HERE, boot_id="yesterday"), replace(HERE, pid_namespace="container")]
)
async def test_nothing_is_known_about_processes_elsewhere(there: WorkerProcess) -> None:
    assert fate_of(replace(there, pid=(await dead_process()).pid), HERE) is Fate.UNKNOWN


def test_silence_is_counted_from_the_last_heartbeat() -> None:
    worker = replace(registered("worker-1", HERE), silent_for=timedelta(minutes=30))
    assert is_silent(worker, timedelta(minutes=30))
    assert not is_silent(worker, timedelta(minutes=31))


async def test_a_worker_is_registered_as_long_as_it_works(queue: TTSQueue) -> None:
    job_id = await queue.add_job(book())
    async with at_work(queue, asleep, name="kitchen", slots=2):
        await processing(queue, job_id)
        (worker,) = await queue.get_workers()
        assert (worker.name, worker.slots, worker.job_ids) == ("kitchen", 2, (job_id,))
        assert worker.process == HERE
    assert await queue.get_workers() == []


async def test_a_second_worker_of_a_name_gets_a_number_and_a_warning(
    queue: TTSQueue, caplog: pytest.LogCaptureFixture
) -> None:
    async with at_work(queue, done) as first, at_work(queue, done) as second, at_work(queue, done) as third:
        assert [first.name, second.name, third.name] == ["worker-1", "worker-1#2", "worker-1#3"]
    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert any("worker-1#2" in warning and "WORKER_ID" in warning for warning in warnings)


async def test_a_dead_worker_of_that_name_is_taken_over_at_once(queue: TTSQueue) -> None:
    await queue.provider.register_worker(registered("worker-1", await dead_process()))
    job_id = await queue.add_job(book())
    assert await queue.claim_next_job("worker-1") is not None
    async with at_work(queue, done) as worker:
        assert worker.name == "worker-1"
        job = await final(queue, job_id, within=2)
    assert (job.status, job.attempts) == (JobStatus.COMPLETED, 2)
    assert await outcomes(queue, job_id) == ["lost", "completed"]


async def test_a_job_that_killed_its_last_worker_is_given_up(queue: TTSQueue) -> None:
    await queue.provider.register_worker(registered("worker-1", await dead_process()))
    job_id = await queue.add_job(book(max_attempts=1))
    assert await queue.claim_next_job("worker-1") is not None
    async with at_work(queue, done):
        job = await final(queue, job_id, within=2)
    assert (job.status, job.error_code) == (JobStatus.FAILED, "WORKER_LOST")


async def test_a_job_whose_user_was_quicker_is_not_taken_back(queue: TTSQueue) -> None:
    job_id = await queue.add_job(book())
    (claim,) = await queue.provider.claim("worker-1")
    await queue.cancel_job(job_id)
    assert not await queue.take_back(claim)
    assert (await queue.get_job(job_id)).status is JobStatus.CANCELLED


async def test_a_dead_namesake_with_a_number_is_taken_over_too(queue: TTSQueue) -> None:
    await queue.provider.register_worker(registered("worker-1#2", await dead_process()))
    job_id = await queue.add_job(book())
    assert await queue.claim_next_job("worker-1#2") is not None
    async with at_work(queue, done):
        assert (await final(queue, job_id, within=2)).status is JobStatus.COMPLETED
        assert [worker.name for worker in await queue.get_workers()] == ["worker-1"]


@pytest.mark.parametrize("comes_before_the_look", [True, False], ids=["before_the_look", "after_the_look"])
async def test_the_successor_of_a_dead_worker_keeps_the_job_that_it_claims_while_the_dead_one_is_cleared_away(
    queue: TTSQueue, monkeypatch: pytest.MonkeyPatch, comes_before_the_look: bool
) -> None:
    """Two clear it away at once: the one that starts under its name, and another one's upkeep."""
    dead, successor = registered("worker-1", await dead_process()), registered("worker-1", HERE)
    await queue.provider.register_worker(dead)
    job_id = await queue.add_job(book())
    (old_claim,) = await queue.provider.claim("worker-1")
    claims_of = queue.provider.claims_of

    async def take_over() -> None:
        await queue.take_back(old_claim)
        await queue.provider.remove_worker(dead.instance)
        await queue.provider.register_worker(successor)
        assert await queue.provider.claim("worker-1")

    async def claims_when_the_successor_comes(name: str) -> list[Claim]:
        claims = [] if comes_before_the_look else await claims_of(name)
        await take_over()
        return await claims_of(name) if comes_before_the_look else claims

    monkeypatch.setattr(queue.provider, "claims_of", claims_when_the_successor_comes)
    assert await cleared_away(queue, dead, HERE, timedelta(minutes=30))
    assert (await queue.get_job(job_id)).status is JobStatus.PROCESSING
    assert [worker.instance for worker in await queue.get_workers()] == [successor.instance]


async def test_a_worker_elsewhere_keeps_its_name_and_its_jobs(queue: TTSQueue) -> None:
    elsewhere = registered("worker-1", replace(HERE, host="attic", pid=1))
    await queue.provider.register_worker(elsewhere)
    job_id = await queue.add_job(book())
    assert await queue.claim_next_job("worker-1") is not None
    async with at_work(queue, done) as worker:
        assert worker.name == "worker-1#2"
        await asyncio.sleep(0.3)
        assert {row.name for row in await queue.get_workers()} == {"worker-1", "worker-1#2"}
    assert (await queue.get_job(job_id)).status is JobStatus.PROCESSING


async def test_a_worker_elsewhere_that_is_silent_for_long_is_struck_off(queue: TTSQueue) -> None:
    await queue.provider.register_worker(registered("attic", replace(HERE, host="attic", pid=1)))
    async with at_work(queue, done, stuck_after=timedelta(seconds=0.4), heartbeat_interval=timedelta(seconds=0.1)):
        await eventually(lambda: _registered_are(queue, ["worker-1"]), within=5)


async def _registered_are(queue: TTSQueue, names: list[str]) -> bool:
    return [worker.name for worker in await queue.get_workers()] == names


async def test_a_worker_that_was_struck_off_registers_again(queue: TTSQueue) -> None:
    async with at_work(queue, done, heartbeat_interval=timedelta(seconds=0.1)):
        (before,) = await queue.get_workers()
        await queue.provider.remove_worker(before.instance)
        await eventually(lambda: _registered_are(queue, ["worker-1"]), within=5)
        job_id = await queue.add_job(book())
        assert (await final(queue, job_id)).status is JobStatus.COMPLETED


async def test_stuck_jobs_come_back_without_anybody_asking(queue: TTSQueue, store: Path) -> None:
    job_id = await queue.add_job(book())
    assert await queue.claim_next_job("a worker without a row") is not None
    short = timedelta(seconds=0.4)
    quick = {"stuck_after": short, "heartbeat_interval": timedelta(seconds=0.1)}
    async with opened(store, stuck_after=short) as other, at_work(other, done, **quick):
        assert (await final(queue, job_id, within=5)).status is JobStatus.COMPLETED
    assert await outcomes(queue, job_id) == ["lost", "completed"]


async def test_a_long_job_is_never_taken_for_stuck(queue: TTSQueue, store: Path) -> None:
    async def handler(job: ClaimedJob) -> JobResult:
        await asyncio.sleep(1.5)
        return DONE

    short = timedelta(seconds=0.5)
    job_id = await queue.add_job(book())
    quick = {"stuck_after": short, "heartbeat_interval": timedelta(seconds=0.1)}
    async with opened(store, stuck_after=short) as other, at_work(other, handler, **quick):
        await final(queue, job_id)
    assert await outcomes(queue, job_id) == ["completed"]


async def test_a_killed_worker_process_is_taken_over_by_the_next_of_its_name(queue: TTSQueue, store: Path) -> None:
    job_id = await queue.add_job(book())
    async with worker_process(store.parent, "worker-1", *TINY, PAUSE="60") as first:
        await processing(queue, job_id)
        await first.kill()
    async with worker_process(store.parent, "worker-1", *TINY) as second:
        assert second.name == "worker-1"
        job = await final(queue, job_id, within=3)
    assert job.status is JobStatus.COMPLETED
    assert await outcomes(queue, job_id) == ["lost", "completed"]


async def test_a_stopped_process_that_lives_on_keeps_its_name(queue: TTSQueue, store: Path) -> None:
    async with (
        worker_process(store.parent, "worker-1", *TINY) as first,
        first.frozen(store),
        at_work(queue, done, name="worker-1") as second,
    ):
        assert second.name == "worker-1#2"


async def test_sigterm_hands_back_and_ends_the_process_within_a_second_or_two(queue: TTSQueue, store: Path) -> None:
    job_id = await queue.add_job(book_of([text(1), text(2, 60_000)]))
    async with worker_process(store.parent, TTSQUEUE_CHAPTERS="1") as worker:
        await reached(queue, job_id, lambda job: job.current_chapter == 2)
        assert await worker.terminate() < 2
        assert worker.process.returncode == 0
        assert worker.children() == []
    job = await queue.get_job(job_id)
    assert (job.status, job.claims) == (JobStatus.PENDING, 1)
    assert await outcomes(queue, job_id) == ["handed_back"]
    assert await queue.get_workers() == []
