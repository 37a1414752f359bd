"""Hosts disagree about the time: every decision is taken by the server's clock."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance.samples import add_many
from ttsqueue.providers.postgres import PostgresProvider

ROOT = Path(__file__).parents[2]

WORKER_WITH_A_WRONG_CLOCK = """
import asyncio, dataclasses, datetime, sys, time
from datetime import timedelta

SHIFT = float(sys.argv[2])
right, Right = time.time, datetime.datetime

class Wrong(Right):
    @classmethod
    def now(cls, tz=None):
        return Right.now(tz) + timedelta(seconds=SHIFT)

time.time = lambda: right() + SHIFT
time.time_ns = lambda: int((right() + SHIFT) * 1e9)
datetime.datetime = Wrong

from ttsqueue.providers.postgres import PostgresProvider
from ttsqueue.queue import TTSQueue
from ttsqueue.result import JobResult
from ttsqueue.worker import WorkerOptions, registration, run_worker

here = registration.this_process()
registration.this_process = lambda: dataclasses.replace(here, host=f"host{SHIFT}")

async def speak(job):
    await asyncio.sleep(0.3)
    return JobResult(("audio-1",), 1.0)

async def main():
    provider = PostgresProvider(sys.argv[1])
    await provider.open()
    beat = timedelta(seconds=0.1)
    options = WorkerOptions("worker", 1, timedelta(seconds=0.5), beat, timedelta(seconds=2))
    working = asyncio.create_task(run_worker(TTSQueue(provider), speak, options))
    while (await provider.stats()).completed < 6:
        await asyncio.sleep(0.1)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    await provider.aclose()

asyncio.run(main())
"""


@pytest.mark.parametrize("shift", [-3600, 3600], ids=["an_hour_behind", "an_hour_ahead"])
async def test_workers_whose_clocks_are_wrong_work_beside_others(
    provider: PostgresProvider, url: str, shift: int
) -> None:
    job_ids = await add_many(provider, 6)
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    children = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER_WITH_A_WRONG_CLOCK, url, str(seconds)],
            env=environment,
            stderr=subprocess.PIPE,
        )
        for seconds in (0, shift)
    ]
    for child in children:
        _, said = child.communicate(timeout=30)
        assert child.returncode == 0, said
        assert b"struck off" not in said
    for job_id in job_ids:
        (attempt,) = await provider.attempts(job_id)
        assert attempt.outcome == "completed"
