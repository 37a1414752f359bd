"""`ttsqueue serve` as a process: what systemd, browsers and attackers see of it."""

from __future__ import annotations

import re
import signal
import socket
import time
from collections.abc import Iterator
from subprocess import Popen
from urllib.parse import urlsplit

import pytest

from .http import address_of, ask
from .processes import eventually, processes_of
from .program import Program, end

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ [A-Z]+ [0-9a-f]{16} GET \S+ \d+ [\d.]+ ms \d+ bytes")


@pytest.fixture
def server(ttsqueue: Program) -> Iterator[Popen[bytes]]:
    process = ttsqueue.start("serve", "--port", "0")
    try:
        yield process
    finally:
        end(process)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_and_stops_when_told_to(ttsqueue: Program, server: Popen[bytes], stop: signal.Signals) -> None:
    address = address_of(server)
    assert urlsplit(address).hostname == "127.0.0.1"
    answer = ask(address, "/readyz")
    assert (answer.status, answer.json) == (200, {"success": True})
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "server" not in answer.headers
    began = time.monotonic()
    server.send_signal(stop)
    ended = ttsqueue.wait(server)
    assert ended.code == 0, ended.err
    assert time.monotonic() - began < 5
    assert "Traceback" not in ended.err
    assert processes_of(ttsqueue) == []


def test_each_request_is_one_line_of_the_log(ttsqueue: Program, server: Popen[bytes]) -> None:
    address = address_of(server)
    request_id = ask(address, "/nowhere%0A2026-01-01T00:00:00Z%20INFO%20forged?token=secret").headers["x-request-id"]
    ask(address, "/healthz")
    server.terminate()
    *requests, last = ttsqueue.wait(server).err.splitlines()
    assert [bool(LINE.fullmatch(line)) for line in requests] == [True, True]
    assert request_id in requests[0]
    assert "secret" not in requests[0]
    assert last.endswith("INFO stopped")


def test_a_page_of_another_site_does_nothing_here(server: Popen[bytes]) -> None:
    address = address_of(server)
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    refused = ask(address, "/api/tts/queue", "POST", {}, foreign)
    assert (refused.status, refused.json["code"]) == (403, "foreign_origin")
    assert "access-control-allow-origin" not in refused.headers
    rebound = ask(address, "/api/tts/queue", headers={"Host": "evil.example"})
    assert (rebound.status, rebound.json["code"]) == (421, "unknown_host")
    assert ask(address, "/api/tts/queue", "POST", {}, {"Origin": address}).status == 400


def test_welcome_origins_may_ask_and_others_may_not(ttsqueue: Program) -> None:
    settings = {"TTSQUEUE_ALLOWED_ORIGINS": "https://app.example.org"}
    process = Program(ttsqueue.data, ttsqueue.here, settings).start("serve", "--port", "0")
    try:
        address = address_of(process)
        wish = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
        for origin, allowed in (("https://app.example.org", "https://app.example.org"), ("https://evil.example", None)):
            answer = ask(address, "/api/tts/queue", "OPTIONS", headers={"Origin": origin, **wish})
            assert answer.headers.get("access-control-allow-origin") == allowed
            answer = ask(address, "/api/tts/queue", headers={"Origin": origin})
            assert answer.headers.get("access-control-allow-origin") == allowed
            assert answer.status == 200
    finally:
        end(process)


def test_a_connection_that_never_asks_does_not_keep_it_from_stopping(ttsqueue: Program, server: Popen[bytes]) -> None:
    parts = urlsplit(address_of(server))
    with socket.create_connection((str(parts.hostname), parts.port or 0)) as silent:
        silent.sendall(b"GET / HTTP/1.1\r\nHost: local")
        time.sleep(0.2)
        server.terminate()
        assert ttsqueue.wait(server).code == 0


def test_a_port_in_use_is_one_sentence(ttsqueue: Program) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = ttsqueue("serve", "--port", str(port), code=1)
    assert ended.err == (
        f"Port {port} of 127.0.0.1 is in use already; stop what listens there, or choose another with --port.\n"
    )
    assert ended.out == ""


@pytest.mark.parametrize("command", ["serve", "up"])
def test_without_an_identity_it_listens_on_loopback_only(ttsqueue: Program, command: str) -> None:
    ended = ttsqueue(command, "--host", "0.0.0.0", "--port", "0", code=2)
    assert "TTSQUEUE_AUTH=jwt" in ended.err
    assert len(ended.err.splitlines()) == 1


@pytest.mark.parametrize("host", ["nowhere.invalid", "203.0.113.77"])
def test_an_address_of_another_computer_is_one_sentence(ttsqueue: Program, host: str) -> None:
    identity = {"TTSQUEUE_AUTH": "jwt", "TTSQUEUE_JWT_SECRET": "s" * 32}
    ended = Program(ttsqueue.data, ttsqueue.here, identity)("serve", "--host", host, "--port", "0", code=1)
    assert host in ended.err
    assert len(ended.err.splitlines()) == 1


@pytest.mark.parametrize("command", ["serve", "up"])
def test_a_file_in_place_of_the_data_folder_is_one_sentence(ttsqueue: Program, command: str) -> None:
    ttsqueue.data.write_text("not a folder")
    ended = ttsqueue(command, "--port", "0", code=1)
    assert str(ttsqueue.data) in ended.err
    assert len(ended.err.splitlines()) == 1


def test_an_empty_secret_signs_nothing(ttsqueue: Program) -> None:
    ttsqueue("stats")
    (ttsqueue.data / "secret").write_bytes(b"")
    ended = ttsqueue("serve", "--port", "0", code=1)
    assert ended.err == f"The file 'secret' in {ttsqueue.data} is damaged; delete it, and start again.\n"


def test_a_wrong_setting_is_one_sentence(ttsqueue: Program) -> None:
    ended = Program(ttsqueue.data, ttsqueue.here, {"TTSQUEUE_MAX_UPLOAD": "lots"})("serve", code=2)
    assert ended.err.startswith("Setting TTSQUEUE_MAX_UPLOAD: 'lots' is not a size")
    assert len(ended.err.splitlines()) == 1


def test_a_restarted_server_takes_the_same_port_at_once(ttsqueue: Program, server: Popen[bytes]) -> None:
    address = address_of(server)
    ask(address, "/healthz")
    server.terminate()
    ttsqueue.wait(server)
    again = ttsqueue.start("serve", "--port", str(urlsplit(address).port))
    try:
        assert address_of(again) == address
        eventually(lambda: ask(address, "/healthz").status == 200)
    finally:
        end(again)
