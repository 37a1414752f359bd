"""Stopping and dying: nothing that was spoken is lost."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from ttsqueue.book import Chapter
from ttsqueue.cli import hired_worker
from ttsqueue.cli.hired_worker import HiredWorker, WorkerGone
from ttsqueue.cli.left_behind import is_left_behind
from ttsqueue.jobs import JobStatus, NewJob
from ttsqueue.local_user import LOCAL_USER_ID
from ttsqueue.process_identity import this_process
from ttsqueue.providers.sqlite import SqliteProvider
from ttsqueue.queue import TTSQueue
from ttsqueue.workers import Worker

from .books import write_book
from .processes import eventually, processes_of, workers_of
from .program import Program, end, read_until
from .sound import seconds

NAME = "Ada Keeper - The Lighthouse at Noon.m4b"
STOPPED = re.compile(r"Stopped\. (\d+) of (\d+) chapters (is|are) kept; the same command goes on from there\.\n")


def long_book(folder: Path) -> Path:
    """Long enough to be stopped in the middle."""
    return write_book(folder, chapters=6, sentences=12)


@pytest.fixture
def ttsqueue(ttsqueue: Program) -> Program:
    """One chapter after the other, so that there is a middle."""
    return Program(ttsqueue.data, ttsqueue.here, {"TTSQUEUE_CHAPTERS": "1"})


def only_job(ttsqueue: Program) -> dict[str, object]:
    (job,) = ttsqueue("list", "--json").json["jobs"]
    return dict(job)


def test_ctrl_c_hands_the_book_back_and_the_same_command_goes_on(ttsqueue: Program, here: Path) -> None:
    book = long_book(here)
    process = ttsqueue.start("speak", book)
    try:
        read_until(process, "is spoken")
        process.send_signal(signal.SIGINT)
        ended = ttsqueue.wait(process)
    finally:
        end(process)
    assert ended.code == 130
    told = STOPPED.fullmatch(ended.err.splitlines(keepends=True)[-1])
    assert told is not None, ended.err
    kept, total = int(told[1]), int(told[2])
    assert 0 < kept < total == 6
    assert processes_of(ttsqueue) == []
    assert only_job(ttsqueue)["status"] == "pending"
    assert only_job(ttsqueue)["attempts"] == 0

    job_folder = ttsqueue.data / "audio" / str(only_job(ttsqueue)["id"])
    before = {file.name for file in job_folder.iterdir()}
    ended = ttsqueue("speak", book)
    assert f"{kept} chapter" in ended.err.partition("spoken already")[0]
    assert ended.err.count(" is spoken, ") == total - kept
    result = ttsqueue("status", str(only_job(ttsqueue)["id"]), "--json").json["result"]
    assert len(set(result["audioFileIds"]) & before) == kept
    assert seconds(here / NAME) == pytest.approx(result["totalDuration"], abs=0.1)


def test_a_worker_that_is_killed_is_replaced_at_once(ttsqueue: Program, here: Path) -> None:
    process = ttsqueue.start("speak", long_book(here))
    try:
        read_until(process, "is spoken")
        (worker,) = workers_of(ttsqueue)
        worker.kill()
        ended = ttsqueue.wait(process)
    finally:
        end(process)
    assert ended.code == 0, ended.err
    assert (here / NAME).is_file()
    assert processes_of(ttsqueue) == []


def test_a_speak_that_is_killed_takes_its_worker_along(ttsqueue: Program, here: Path) -> None:
    process = ttsqueue.start("speak", long_book(here))
    try:
        read_until(process, "is spoken")
    finally:
        end(process)
    eventually(lambda: processes_of(ttsqueue) == [])
    assert only_job(ttsqueue)["status"] == "pending"


def test_a_second_ctrl_c_ends_at_once(ttsqueue: Program, here: Path) -> None:
    process = ttsqueue.start("speak", long_book(here))
    worker: psutil.Process | None = None
    try:
        read_until(process, "is spoken")
        (worker,) = workers_of(ttsqueue)
        worker.suspend()  # it can hand nothing back
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1)
        process.send_signal(signal.SIGINT)
        assert process.wait(1) == 130
    finally:
        end(process)
        if worker is not None:
            worker.kill()
    eventually(lambda: processes_of(ttsqueue) == [])
    assert ttsqueue("speak", here / "The Lighthouse at Noon.md").code == 0


def test_sigterm_stops_like_ctrl_c(ttsqueue: Program, here: Path) -> None:
    ttsqueue("pause")
    process = ttsqueue.start("speak", write_book(here))
    try:
        read_until(process, "paused")
        process.terminate()
        ended = ttsqueue.wait(process)
    finally:
        end(process)
    assert ended.code == 130
    assert ended.err.endswith("Stopped. No chapter was finished yet; the same command starts again.\n")


async def opened_queue(data: Path) -> TTSQueue:
    provider = SqliteProvider(data / "ttsqueue.db")
    await provider.open()
    return TTSQueue(provider)


async def test_a_book_that_a_power_cut_stopped_goes_on_at_once(ttsqueue: Program, here: Path) -> None:
    book = write_book(here)
    ttsqueue("add", book)
    queue = await opened_queue(ttsqueue.data)
    before_the_restart = replace(this_process(), boot_id="another", pid=1)
    await queue.provider.register_worker(Worker("speak-1-abc", "1", before_the_restart, "0", 1))
    assert await queue.claim_next_job("speak-1-abc") is not None
    await queue.provider.aclose()
    ended = await asyncio.to_thread(ttsqueue, "speak", book)
    assert NAME in ended.out
    assert ttsqueue("stats", "--json").json["completed"] == 1


def test_only_workers_of_speak_on_this_computer_count_as_left_behind() -> None:
    here = this_process()
    ours = Worker("speak-1-abc", "1", replace(here, boot_id="another"), "0", 1)
    assert is_left_behind(ours, here)
    assert not is_left_behind(replace(ours, process=here), here)
    assert not is_left_behind(replace(ours, name="worker-1"), here)
    assert not is_left_behind(replace(ours, process=replace(ours.process, host="elsewhere")), here)


async def test_a_worker_that_never_stays_alive_is_given_up_and_what_it_held_goes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho 'the engine is on fire' >&2\nexit 1\n")
    program.chmod(0o700)
    monkeypatch.setattr("sys.executable", str(program))
    monkeypatch.setattr(hired_worker, "RESTART_AFTER", (0.01, 0.01))
    queue = await opened_queue(tmp_path)
    worker = HiredWorker(queue)
    job_id = await queue.add_job(NewJob(LOCAL_USER_ID, LOCAL_USER_ID, (Chapter("ch1", "Fog."),)))
    assert await queue.claim_next_job(worker.name) is not None
    try:
        with pytest.raises(WorkerGone, match="ended 3 times; its last words: the engine is on fire"):
            await worker.run()
        assert (await queue.get_job(job_id)).status is JobStatus.PENDING
    finally:
        await queue.provider.aclose()
