"""The programs in examples/ run."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from ttsqueue import Chapter, JobStatus, NewJob, Settings, TTSQueue, load_settings, open_queue

EXAMPLES = Path(__file__).parents[2] / "examples"
TEXTS = ("One short sentence.", "And another one.")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"TTSQUEUE_DATA": tmp_path})


@pytest.fixture
async def queue(settings: Settings) -> AsyncGenerator[TTSQueue, None]:
    async with open_queue(settings) as opened:
        yield opened


@pytest.fixture
def new_job() -> NewJob:
    chapters = tuple(Chapter(f"ch{number}", text) for number, text in enumerate(TEXTS, 1))
    return NewJob(str(uuid4()), str(uuid4()), chapters)


def environment(settings: Settings) -> dict[str, str]:
    return {**os.environ, "TTSQUEUE_DATA": str(settings.data), "PYTHONUNBUFFERED": "1"}


async def run(name: str, settings: Settings, *arguments: str) -> str:
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, str(EXAMPLES / name), *arguments],
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


async def final(queue: TTSQueue, job_id: str) -> JobStatus:
    async with asyncio.timeout(30):
        return [job.status async for job in queue.watch(job_id)][-1]


async def test_adding_a_job_prints_the_id_of_a_pending_premium_job(settings: Settings, queue: TTSQueue) -> None:
    printed = await run("add_job.py", settings)
    job = await queue.get_job(printed.removeprefix("Job queued: ").strip())
    assert (job.status, job.priority, job.total_chapters) == (JobStatus.PENDING, 2, 2)


async def test_checking_a_status_shows_the_job_and_all_jobs_of_its_user(
    settings: Settings, queue: TTSQueue, new_job: NewJob
) -> None:
    first = await queue.add_job(new_job)
    second = await queue.add_job(replace(new_job, work_id=str(uuid4())))
    printed = await run("check_status.py", settings, first)
    assert printed.startswith("pending\n0\n")
    assert f"{first} pending" in printed
    assert f"{second} pending" in printed


async def test_cancelling_a_job_says_so(settings: Settings, queue: TTSQueue, new_job: NewJob) -> None:
    job_id = await queue.add_job(new_job)
    assert await run("cancel_job.py", settings, job_id) == f"Job {job_id} is cancelled\n"


async def test_monitoring_counts_jobs_by_status(settings: Settings, queue: TTSQueue, new_job: NewJob) -> None:
    await queue.add_job(new_job)
    printed = await run("monitoring.py", settings)
    assert "pending 1, processing 0\ncompleted 0, failed 0\n" in printed
    assert "0 stuck jobs reset" in printed


async def test_a_job_done_by_hand_completes_with_a_bare_job_id(
    settings: Settings, queue: TTSQueue, new_job: NewJob
) -> None:
    job_id = await queue.add_job(new_job)
    assert f"Job {job_id} completed: 2 files\ncompleted\n" == await run("one_job_by_hand.py", settings)


@pytest.mark.parametrize(("text", "status"), [("too fast", "pending"), ("unspeakable", "failed")])
async def test_a_rate_limit_is_tried_again_and_a_refusal_is_not(
    settings: Settings, queue: TTSQueue, new_job: NewJob, text: str, status: str
) -> None:
    await queue.add_job(replace(new_job, chapters=(Chapter("ch1", text),)))
    assert await run("one_job_by_hand.py", settings) == f"{status}\n"


async def test_a_worker_with_its_own_processing_completes_jobs_until_it_is_stopped(
    settings: Settings, queue: TTSQueue, new_job: NewJob
) -> None:
    command = [sys.executable, str(EXAMPLES / "own_worker.py")]
    with subprocess.Popen(command, env=environment(settings), stderr=subprocess.PIPE) as worker:
        try:
            job_id = await queue.add_job(new_job)
            assert await final(queue, job_id) is JobStatus.COMPLETED
            result = (await queue.get_job(job_id)).result
            assert result is not None
            assert result.audio_file_ids == (f"{job_id}-ch1", f"{job_id}-ch2")
            refused = await queue.add_job(replace(new_job, chapters=(Chapter("ch1", "unspeakable"),)))
            assert await final(queue, refused) is JobStatus.FAILED
            assert (await queue.get_job(refused)).error_code == "REFUSED"
        finally:
            worker.send_signal(signal.SIGINT)
            await asyncio.to_thread(worker.wait, 10)
