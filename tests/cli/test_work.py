"""The worker as a process: what systemd, pm2 and `ps` see of it."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from .books import write_book
from .processes import eventually, processes_of
from .program import PROGRAM, Program, end, read_until


@pytest.fixture
def worker(ttsqueue: Program) -> Iterator[Popen[bytes]]:
    process = ttsqueue.start("work", "--name", "keeper")
    try:
        read_until(process, "tts-worker keeper is ready")
        yield process
    finally:
        end(process)


def test_ps_shows_tts_worker(worker: Popen[bytes]) -> None:
    for column in ("args", "comm"):
        shown = subprocess.run(["ps", "-o", f"{column}=", "-p", str(worker.pid)], capture_output=True, check=True)
        assert shown.stdout.decode().strip() == "tts-worker"


def test_each_line_of_the_log_begins_with_the_time(ttsqueue: Program, worker: Popen[bytes]) -> None:
    worker.terminate()
    ended = ttsqueue.wait(worker)
    assert ended.out == ""
    assert ended.err
    for line in ended.err.splitlines():
        time.strptime(line.split()[0], "%Y-%m-%dT%H:%M:%SZ")


def test_a_book_is_spoken_and_followed_line_by_line(ttsqueue: Program, here: Path, worker: Popen[bytes]) -> None:
    job_id = ttsqueue("add", write_book(here), "--json").json["jobId"]
    states = ttsqueue("status", job_id, "--follow", "--json").json_lines
    percents = [state["progressPercent"] for state in states]
    assert percents == sorted(percents)
    assert (states[-1]["status"], percents[-1]) == ("completed", 100)
    assert all(one != other for one, other in pairwise(states))
    _, happening, facts = ttsqueue("status", job_id).out.splitlines()
    assert happening.startswith("Done, plays ")
    assert Path(facts.partition("Sound: ")[2]).is_file()
    ttsqueue("delete", job_id)
    assert not (ttsqueue.data / "audio" / job_id).exists()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_worker_hands_its_book_back(
    ttsqueue: Program, here: Path, worker: Popen[bytes], stop: signal.Signals
) -> None:
    book = write_book(here, chapters=6, sentences=400)
    job_id = ttsqueue("add", book, "--json").json["jobId"]
    eventually(lambda: ttsqueue("status", job_id, "--json").json["status"] == "processing")
    worker.send_signal(stop)
    ended = ttsqueue.wait(worker)
    assert ended.code == 0, ended.err
    job = ttsqueue("status", job_id, "--json").json
    assert (job["status"], job["attempts"]) == ("pending", 0)
    eventually(lambda: processes_of(ttsqueue) == [])


def test_a_second_sigterm_ends_at_once(ttsqueue: Program, here: Path, worker: Popen[bytes]) -> None:
    job_id = ttsqueue("add", write_book(here, chapters=6, sentences=400), "--json").json["jobId"]
    eventually(lambda: ttsqueue("status", job_id, "--json").json["status"] == "processing")
    holder = sqlite3.connect(ttsqueue.data / "ttsqueue.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")  # nothing can be handed back
    try:
        worker.terminate()
        with pytest.raises(subprocess.TimeoutExpired):
            worker.wait(0.5)
        worker.terminate()
        assert worker.wait(1) == 1
    finally:
        holder.close()
    eventually(lambda: processes_of(ttsqueue) == [])


def test_a_worker_that_was_told_so_ends_when_its_stdin_closes(ttsqueue: Program) -> None:
    process = Popen(
        [*PROGRAM, "work", "--until-stdin-closes"], stdin=PIPE, stdout=PIPE, stderr=PIPE, env=ttsqueue.environment
    )
    try:
        read_until(process, "is ready")
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(10) == 0
    finally:
        process.stdin = None
        end(process)
