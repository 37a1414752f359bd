from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ttsqueue.cli.check_disk import EMPTY, LOW, judge_room
from ttsqueue.cli.check_server import check_port
from ttsqueue.cli.finding import State

from .http import address_of
from .program import Program, end, read_until

SUBJECTS = ["data folder", "disk", "store", "workers", "pause", "stuck books", "engine piper", "engine espeak",
            "speech", "encoder", "server", "port", "secret"]  # fmt: skip


@pytest.fixture
def ttsqueue(tmp_path: Path, here: Path) -> Program:
    """Any port: whether 8642 is free is not ours to say."""
    return Program(tmp_path / "data", here, {"TTSQUEUE_PORT": "0"})


def states(ttsqueue: Program, code: int = 0) -> dict[str, str]:
    findings = ttsqueue("doctor", "--json", code=code).json["findings"]
    assert all(finding.keys() == {"subject", "state", "message"} for finding in findings)
    return {finding["subject"]: finding["state"] for finding in findings}


def test_a_new_installation_is_well_but_has_no_worker(ttsqueue: Program) -> None:
    assert states(ttsqueue) == {subject: "warn" if subject == "workers" else "ok" for subject in SUBJECTS}


def test_each_line_says_how_it_is(ttsqueue: Program) -> None:
    lines = ttsqueue("doctor").out.splitlines()
    assert [line[6:].partition(":")[0] for line in lines] == SUBJECTS
    assert {line[:4].strip() for line in lines} == {"ok", "warn"}
    assert "schema" in lines[2]
    assert "journal wal" in lines[2]


def test_a_live_worker_is_counted(ttsqueue: Program) -> None:
    process = ttsqueue.start("work", "--name", "keeper")
    try:
        read_until(process, "is ready")
        assert "ok    workers: 1 worker: keeper." in ttsqueue("doctor").out
    finally:
        end(process)


def test_a_paused_queue_and_a_folder_that_others_can_read_are_warnings(ttsqueue: Program) -> None:
    ttsqueue("pause")
    ttsqueue.data.chmod(0o755)
    found = states(ttsqueue)
    assert (found["pause"], found["data folder"]) == ("warn", "warn")


def test_a_damaged_store_fails_and_the_rest_is_still_looked_at(ttsqueue: Program) -> None:
    ttsqueue("stats")
    (ttsqueue.data / "ttsqueue.db").write_bytes(b"nonsense" * 1000)
    found = states(ttsqueue, code=1)
    assert (found["store"], found["speech"]) == ("fail", "ok")


def test_a_data_folder_that_cannot_be_made_fails(tmp_path: Path, here: Path) -> None:
    found = states(Program(Path("/proc/ttsqueue"), here), code=1)
    assert (found["data folder"], found["store"]) == ("fail", "fail")


@pytest.mark.parametrize(
    ("free", "state"), [(EMPTY - 1, State.FAIL), (EMPTY, State.WARN), (LOW - 1, State.WARN), (LOW, State.OK)]
)
def test_room_is_judged_by_what_a_book_needs(free: int, state: State) -> None:
    assert judge_room(free).state is state


def test_a_server_that_would_not_start_fails(ttsqueue: Program) -> None:
    for settings, words in (
        ({"TTSQUEUE_AUTH": "jwt"}, "TTSQUEUE_JWT_SECRET or TTSQUEUE_JWKS_URL"),
        ({"TTSQUEUE_AUTH": "jwt", "TTSQUEUE_JWT_SECRET": "short"}, "at least 32"),
        ({"TTSQUEUE_HOST": "0.0.0.0"}, "up --lan"),
        ({"TTSQUEUE_PORT": "many"}, "TTSQUEUE_PORT"),
    ):
        ended = Program(ttsqueue.data, ttsqueue.here, settings)("doctor", code=1)
        (line,) = [line for line in ended.out.splitlines() if line.startswith("fail")]
        assert line.startswith("fail  server: ")
        assert words in line


def test_a_public_address_without_identity_is_a_warning(ttsqueue: Program) -> None:
    public = {"TTSQUEUE_PORT": "0", "TTSQUEUE_PUBLIC_URL": "https://books.example.org"}
    assert states(Program(ttsqueue.data, ttsqueue.here, public))["server"] == "warn"


def test_a_port_in_use_is_a_warning_unless_our_own_server_uses_it(ttsqueue: Program) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert check_port("127.0.0.1", port).state is State.WARN
    process = ttsqueue.start("serve")
    try:
        address = urlsplit(address_of(process))
        assert check_port("127.0.0.1", address.port or 0).state is State.OK
    finally:
        end(process)


def test_a_secret_that_others_can_read_is_a_warning(ttsqueue: Program) -> None:
    end_after_its_start(ttsqueue)
    secret = ttsqueue.data / "secret"
    assert states(ttsqueue)["secret"] == "ok"
    secret.chmod(0o644)
    assert states(ttsqueue)["secret"] == "warn"


def end_after_its_start(ttsqueue: Program) -> None:
    """The server makes its secret."""
    process = ttsqueue.start("serve")
    try:
        address_of(process)
    finally:
        end(process)
