"""`ttsqueue up`: a server with a worker that is always there, and never left behind."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from subprocess import Popen
from typing import Any

import psutil
import pytest

from .books import SENTENCE
from .http import address_of, ask, until_job_is
from .processes import eventually, processes_of, workers_of
from .program import Program, end

WORK = "00000000-0000-4000-8000-00000000000b"


@pytest.fixture
def site(ttsqueue: Program) -> Iterator[Popen[bytes]]:
    process = ttsqueue.start("up", "--port", "0")
    try:
        yield process
    finally:
        end(process)
        eventually(lambda: processes_of(ttsqueue) == [])


def submit(address: str, chapters: int = 1, sentences: int = 1) -> str:
    book: dict[str, Any] = {
        "workId": WORK,
        "chapters": [
            {"id": f"ch{number}", "title": f"Part {number}", "text": SENTENCE * sentences}
            for number in range(1, chapters + 1)
        ],
        "voiceSettings": {"voiceId": "default", "speed": 1.0},
        "metadata": {"title": "The Lighthouse at Noon", "author": "Ada Keeper", "language": "en"},
    }
    answer = ask(address, "/api/tts/queue", "POST", book)
    assert answer.status == 202, answer.body
    return str(answer.json["jobId"])


def only_worker(ttsqueue: Program) -> psutil.Process:
    eventually(lambda: len(workers_of(ttsqueue)) == 1)
    return workers_of(ttsqueue)[0]


def test_a_book_that_comes_over_http_is_spoken(ttsqueue: Program, site: Popen[bytes]) -> None:
    address = address_of(site)
    job = until_job_is(address, submit(address), "completed")
    assert job["result"]["totalDuration"] > 1
    site.terminate()
    ended = ttsqueue.wait(site)
    assert ended.code == 0, ended.err
    assert "is ready" in ended.err
    assert "Traceback" not in ended.err


def test_a_killed_worker_is_replaced_and_its_book_goes_back_at_once(ttsqueue: Program, site: Popen[bytes]) -> None:
    address = address_of(site)
    job_id = submit(address, chapters=2, sentences=20)
    until_job_is(address, job_id, "processing")
    first = only_worker(ttsqueue)
    first.kill()
    began = time.monotonic()
    eventually(lambda: [worker.pid for worker in workers_of(ttsqueue)] not in ([], [first.pid]))
    timeline = until_job_is(address, job_id, "completed")
    attempts = ask(address, f"/api/tts/queue/{job_id}/timeline").json["attempts"]
    assert [attempt["outcome"] for attempt in attempts][-1] == "completed"
    assert len(attempts) == 2
    assert timeline["attempts"] <= 2
    assert time.monotonic() - began < 25


def test_an_up_that_is_killed_leaves_no_worker_behind(ttsqueue: Program, site: Popen[bytes]) -> None:
    address = address_of(site)
    job_id = submit(address, chapters=6, sentences=40)
    until_job_is(address, job_id, "processing")
    site.kill()
    eventually(lambda: processes_of(ttsqueue) == [])
    assert ttsqueue("status", job_id, "--json").json["status"] == "pending"


@contextmanager
def locked(store: Path) -> Iterator[None]:
    """Nobody else can write."""
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


def the_command(ttsqueue: Program) -> list[psutil.Process]:
    return []


def its_worker(ttsqueue: Program) -> list[psutil.Process]:
    return workers_of(ttsqueue)


def all_that_it_started(ttsqueue: Program) -> list[psutil.Process]:
    (worker,) = workers_of(ttsqueue)
    return [worker, *worker.children(recursive=True)]


@pytest.mark.parametrize("others", [the_command, its_worker, all_that_it_started], ids=lambda others: others.__name__)
def test_a_stopped_up_hands_its_book_back_whoever_else_is_told(
    ttsqueue: Program, site: Popen[bytes], others: Callable[[Program], list[psutil.Process]]
) -> None:
    """As systemd tells every process of a service, and `up` tells its worker then."""
    address = address_of(site)
    job_id = submit(address, chapters=6, sentences=40)
    until_job_is(address, job_id, "processing")
    told = others(ttsqueue)
    with locked(ttsqueue.data / "ttsqueue.db"):  # so that handing back takes a while
        for process in told:
            process.terminate()
        time.sleep(0.3)  # two signals at one moment are one
        site.terminate()
        time.sleep(1)
    ended = ttsqueue.wait(site)
    assert ended.code == 0, ended.err
    job = ttsqueue("status", job_id, "--json").json
    assert (job["status"], job["attempts"]) == ("pending", 0)
    assert processes_of(ttsqueue) == []
