"""Commands about jobs, as scripts use them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from .books import write_book
from .program import Program

REST_NAMES = {
    "id", "workId", "userId", "jobType", "status", "priority", "progressPercent", "progressMessage", "currentChapter",
    "totalChapters", "attempts", "maxAttempts", "errorMessage", "lastError", "createdAt", "startedAt", "completedAt",
    "runAt", "etaSeconds", "result",
}  # fmt: skip


@pytest.fixture
def job_id(ttsqueue: Program, here: Path) -> str:
    return str(ttsqueue("add", write_book(here), "--json").json["jobId"])


def test_add_prints_the_job_id_and_nothing_else(ttsqueue: Program, here: Path) -> None:
    answer = ttsqueue("add", write_book(here), "--json").json
    assert list(answer) == ["jobId"]


def test_status_is_the_job_as_rest_shows_it(ttsqueue: Program, job_id: str) -> None:
    job = ttsqueue("status", job_id, "--json").json
    assert job.keys() >= REST_NAMES
    assert (job["id"], job["status"], job["totalChapters"], job["priority"]) == (job_id, "pending", 3, 5)
    assert "stairs" not in str(job)


def test_status_tells_a_person_what_happens_to_the_book(ttsqueue: Program, job_id: str) -> None:
    title, happening, facts = ttsqueue("status", job_id).out.splitlines()
    assert title == "The Lighthouse at Noon"
    assert happening == "Waiting"
    assert facts.startswith("0 of 3 chapters spoken, ")


def test_a_book_that_waits_says_how_many_go_before_it(ttsqueue: Program, here: Path, job_id: str) -> None:
    second = ttsqueue("add", write_book(here, "Fog"), "--json").json["jobId"]
    assert ttsqueue("status", second).out.splitlines()[1] == "Waiting - 1 book before this one"


def test_a_book_is_not_added_twice(ttsqueue: Program, here: Path, job_id: str) -> None:
    ended = ttsqueue("add", write_book(here), "--json", code=1)
    assert job_id in ended.err
    assert ended.out == ""


def test_priority_and_delay_are_those_of_the_job(ttsqueue: Program, here: Path) -> None:
    job_id = ttsqueue("add", write_book(here), "--priority", "2", "--delay", "8h", "--json").json["jobId"]
    job = ttsqueue("status", job_id, "--json").json
    assert job["priority"] == 2
    assert job["runAt"] > job["createdAt"]
    assert ttsqueue("stats", "--json").json["delayed"] == 1


def test_list_is_newest_first_and_can_be_narrowed(ttsqueue: Program, here: Path) -> None:
    ids = [ttsqueue("add", write_book(here, title), "--json").json["jobId"] for title in ("One", "Two")]
    ttsqueue("cancel", ids[0])

    def listed(*options: str) -> list[str]:
        return [job["id"] for job in ttsqueue("list", "--json", *options).json["jobs"]]

    assert listed() == ids[::-1]
    assert listed("--limit", "1") == ids[1:]
    assert listed("--status", "cancelled") == ids[:1]
    assert listed("--status", "cancelled", "--status", "pending", "--all") == ids[::-1]


def test_the_list_of_a_person_has_whole_ids_and_no_escape_codes(ttsqueue: Program, job_id: str) -> None:
    table = ttsqueue("list").out
    assert table.startswith("JOB ")
    assert f"{job_id}  pending  0  The Lighthouse at Noon" in table
    assert "\x1b" not in table


def test_an_empty_list_says_what_to_do(ttsqueue: Program) -> None:
    assert ttsqueue("list").out == "No books yet. Add one with: ttsqueue add BOOK\n"
    assert ttsqueue("list", "--json").json == {"jobs": []}


def test_cancel_retry_and_delete_show_the_job_as_it_is_then(ttsqueue: Program, job_id: str) -> None:
    assert ttsqueue("delete", job_id, code=1).err.startswith(f"Job {job_id} is pending")
    assert ttsqueue("retry", job_id, code=1).err.startswith(f"Job {job_id} is pending")
    assert ttsqueue("cancel", job_id, "--json").json["status"] == "cancelled"
    assert ttsqueue("status", job_id, "--follow", "--json", code=1).json_lines[-1]["status"] == "cancelled"
    assert ttsqueue("retry", job_id, "--json").json["status"] == "pending"
    ttsqueue("cancel", job_id)
    assert ttsqueue("delete", job_id, "--json").json == {"jobId": job_id, "deleted": True}
    ttsqueue("status", job_id, code=1)


def test_one_job_that_refuses_does_not_keep_others_from_being_cancelled(ttsqueue: Program, job_id: str) -> None:
    ended = ttsqueue("cancel", "nonsense", job_id, "--json", code=1)
    assert ended.json["id"] == job_id
    assert "nonsense" in ended.err


def test_stats_have_the_keys_of_the_guide(ttsqueue: Program, job_id: str) -> None:
    expected = {"pending": 1, "processing": 0, "completed": 0, "failed": 0, "delayed": 0, "cancelled": 0}
    assert ttsqueue("stats", "--json").json == expected
    assert "pending" in ttsqueue("stats").out


def test_a_paused_queue_says_so_until_it_is_resumed(ttsqueue: Program, job_id: str) -> None:
    ttsqueue("pause")
    assert "the queue is paused" in ttsqueue("status", job_id).out
    ttsqueue("resume")
    assert "paused" not in ttsqueue("status", job_id).out


def test_nothing_is_stuck_at_first(ttsqueue: Program) -> None:
    assert ttsqueue("reset-stuck", "--json").json == {"reset": 0}
    assert ttsqueue("reset-stuck").out == "0 stuck books reset.\n"


def test_a_title_cannot_command_the_terminal(ttsqueue: Program, here: Path) -> None:
    book = here / "evil.html"
    book.write_text("<title>Fog&#155;2J[bold]</title><h1>One</h1><p>The sea answered the horn.</p>")
    ttsqueue("add", book)
    assert "\x9b" not in ttsqueue("list").out
    assert "[bold]" in ttsqueue("list").out


def test_a_locked_store_is_told_in_one_sentence(ttsqueue: Program, here: Path, job_id: str) -> None:
    holder = sqlite3.connect(ttsqueue.data / "ttsqueue.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        ended = ttsqueue("cancel", job_id, code=1)
    finally:
        holder.close()
    assert "is locked by another program" in ended.err
    assert len(ended.err.splitlines()) == 1
