"""What holds for every command: help, wrong use, and how errors are told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from ttsqueue.cli import main
from ttsqueue.cli.work import tts_worker

from .books import write_book
from .program import Program

NO_JOB = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize("command", ["", *main.commands])
def test_every_command_explains_itself(command: str) -> None:
    result = CliRunner().invoke(main, [*command.split(), "--help"])
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: ttsqueue {command}".rstrip())
    assert "--until-stdin-closes" not in result.output


def test_tts_worker_is_the_command_work() -> None:
    result = CliRunner().invoke(tts_worker, ["--help"], prog_name="tts-worker")
    assert "Usage: tts-worker [OPTIONS]" in result.output
    assert "--name" in result.output


@pytest.mark.parametrize(
    "call",
    [
        "speak", "speak a.md --speed 0", "speak a.md --speed 99", "speak a.md --speed nan", "speak a.md --format ogg",
        "speak a.md --chapters 7-3", "speak a.md b.md -o one.m4b", "speak a.md -o one.doc",
        "speak a.md --cover missing.jpg", "speak a.md --nonsense", "add", "add a.md --priority 11",
        "add a.md --priority 0", "add a.md --delay soon", "status", "list --limit 0", "list --status lost", "cancel",
        "work --jobs 0", "work --chapters none", "nonsense",
    ],
)  # fmt: skip
def test_wrong_use_is_one_sentence_and_code_2(call: str) -> None:
    result = CliRunner().invoke(main, call.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
    assert "--help" in result.stderr


def test_the_program_starts_quickly(ttsqueue: Program) -> None:
    def seconds() -> float:
        """Of work, not of waiting for a busy machine."""
        before = os.times()
        ttsqueue("--help")
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    assert min(seconds() for _ in range(3)) < 0.3


def loaded_by(module: str) -> set[str]:
    code = f"import sys, {module}; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.split())


def test_help_imports_nothing_heavy() -> None:
    heavy = {"av", "lxml", "pydantic", "pydantic_settings", "sqlite3", "rich", "ttsqueue.app", "ttsqueue.books"}
    assert heavy & loaded_by("ttsqueue.cli") == set()


def test_nobody_who_asks_the_queue_waits_for_the_library_of_sound() -> None:
    """The processes that make sound load it."""
    assert "av" not in loaded_by("ttsqueue.app")


@pytest.mark.parametrize("command", ["status", "cancel", "retry", "delete"])
@pytest.mark.parametrize("job", [NO_JOB, "nonsense"])
def test_a_job_that_is_not_there_is_named(ttsqueue: Program, command: str, job: str) -> None:
    assert ttsqueue(command, job, code=1).err == f"There is no job {job}.\n"


def test_a_wrong_setting_is_one_sentence_and_code_2(ttsqueue: Program) -> None:
    ended = Program(ttsqueue.data, ttsqueue.here, {"HEARTBEAT_INTERVAL": "1h"})("work", code=2)
    assert ended.err.startswith("HEARTBEAT_INTERVAL (3600s) must be at most a third")
    assert len(ended.err.splitlines()) == 1


def test_an_unknown_voice_names_some_that_exist(ttsqueue: Program, here: Path) -> None:
    for command in ("speak", "add"):
        ended = ttsqueue(command, write_book(here), "--voice", "espeak:en-uss", code=2)
        assert "There is no voice 'espeak:en-uss' here" in ended.err
        assert "espeak:en-us" in ended.err.partition("here;")[2]
        assert len(ended.err.splitlines()) == 1


def test_a_file_in_place_of_the_data_folder_is_one_sentence(ttsqueue: Program, here: Path) -> None:
    ttsqueue.data.write_text("not a folder")
    ended = ttsqueue("add", write_book(here), code=1)
    assert str(ttsqueue.data) in ended.err
    assert len(ended.err.splitlines()) == 1


def test_a_very_long_data_path_works(ttsqueue: Program, here: Path) -> None:
    deep = Program(ttsqueue.data.joinpath(*["d" * 100] * 3), here)
    job_id = deep("add", write_book(here), "--json").json["jobId"]
    assert deep("status", job_id, "--json").json["status"] == "pending"


def test_an_unexpected_error_is_one_sentence_and_its_trace_is_there_for_the_asking(ttsqueue: Program) -> None:
    blocker = "import builtins, sqlite3; sqlite3.connect = None; from ttsqueue.cli import main; main(['stats'])"
    call = [sys.executable, "-c", blocker]
    plain = subprocess.run(call, env=ttsqueue.environment, capture_output=True, text=True, check=False)
    assert plain.returncode == 1
    assert "TTSQUEUE_DEBUG=1" in plain.stderr
    assert len(plain.stderr.splitlines()) == 1
    asked = {**ttsqueue.environment, "TTSQUEUE_DEBUG": "1"}
    traced = subprocess.run(call, env=asked, capture_output=True, text=True, check=False)
    assert "Traceback" in traced.stderr


def test_a_reader_who_has_had_enough_is_no_error(ttsqueue: Program, here: Path) -> None:
    process = ttsqueue.start("voices")
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait()
