"""`ttsqueue up --lan` as a process: who gets in, and who does not."""

from __future__ import annotations

from collections.abc import Iterator
from subprocess import Popen
from urllib.parse import urlsplit

import pytest

from .http import ask
from .pairing import LAN, Household, household_of
from .processes import eventually, processes_of
from .program import Program, end

PAGE = {"Accept": "text/html"}


@pytest.fixture
def process(ttsqueue: Program) -> Iterator[Popen[bytes]]:
    process = ttsqueue.start(*LAN, "--port", "0")
    try:
        yield process
    finally:
        end(process)
        eventually(lambda: processes_of(ttsqueue) == [])


@pytest.fixture
def household(process: Popen[bytes]) -> Household:
    return household_of(process)


def test_the_terminal_shows_address_code_and_qr_code(household: Household) -> None:
    assert f"open {household.address}/pair#{household.code}\n" in household.shown
    drawing = [line for line in household.shown.splitlines() if set(line) <= set("█▀▄ ") and line]
    assert len(drawing) == (29 + 8 + 1) // 2, "version 3 with its quiet zone, two rows to a line"
    assert {len(line) for line in drawing} == {29 + 8}
    assert "\x1b" not in household.shown, "no colours in a pipe"


def test_without_the_code_nothing_is_open(household: Household) -> None:
    for path in ("/api/tts/queue", "/api/tts/stats", "/api/tts/voices", "/api/tts/workers"):
        refused = ask(household.address, path)
        assert (refused.status, refused.json["code"]) == (401, "unauthenticated"), path
        assert "/pair" in refused.json["error"]
    assert ask(household.address, "/api/tts/queue", "POST", {}).status == 401
    assert ask(household.address, "/healthz").status == 200


@pytest.mark.parametrize("path", ["/", "/books", "/admin"])
def test_every_page_leads_to_the_code(household: Household, path: str) -> None:
    led = ask(household.address, path, headers=PAGE)
    assert (led.status, urlsplit(led.headers["location"]).path) == (303, "/pair")
    assert b'name="code"' in ask(household.address, "/pair", headers=PAGE).body


def test_a_device_with_the_code_is_in_and_stays_in_when_the_server_restarts(
    ttsqueue: Program, process: Popen[bytes], household: Household
) -> None:
    device = household.enter()
    assert household.who(device).json["isAdmin"]
    assert ask(household.address, "/books", headers={**PAGE, **device}).status == 200
    assert ask(household.address, "/api/tts/pause", "POST", headers=device).status == 200
    process.terminate()
    log = ttsqueue.wait(process).err
    again = ttsqueue.start(*LAN, "--port", "0")
    try:
        later = household_of(again)
        assert later.code != household.code
        assert later.who(device).status == 200
    finally:
        end(again)
    assert household.code not in log


def test_a_cookie_alone_changes_nothing(household: Household) -> None:
    cookie = {"Cookie": household.enter()["Cookie"]}
    assert ask(household.address, "/api/tts/pause", "POST", headers=cookie).status == 403
    forged = {"Cookie": cookie["Cookie"][:-4] + "AAAA"}
    assert household.who(forged).status == 401


def test_guessing_is_slow_even_when_the_guess_is_right(household: Household) -> None:
    assert [household.pair(code).status for code in ("AAAA-AAAA", "B", "x" * 30)] == [403] * 3
    late = household.pair(household.code)
    assert (late.status, late.json["code"]) == (429, "limit_reached")
    assert int(late.headers["retry-after"]) >= 1


def test_only_its_own_names_are_answered(household: Household) -> None:
    port = urlsplit(household.address).port
    device = household.enter()
    for foreign in ("evil.example", f"evil.example:{port}", "127.0.0.1.evil.example"):
        refused = ask(household.address, "/api/tts/queue", headers={**device, "Host": foreign})
        assert (refused.status, refused.json["code"]) == (421, "unknown_host"), foreign
    for own in (f"192.168.1.20:{port}", f"localhost:{port}"):
        assert ask(household.address, "/api/tts/queue", headers={**device, "Host": own}).status == 200, own


def test_a_key_gets_in_without_the_code(ttsqueue: Program, household: Household) -> None:
    key = ttsqueue("keys", "create", "shelf", "--json").json["key"]
    assert household.who({"Authorization": f"Bearer {key}"}).status == 200


def test_a_code_and_tokens_do_not_go_together(ttsqueue: Program) -> None:
    identity = {"TTSQUEUE_AUTH": "jwt", "TTSQUEUE_JWT_SECRET": "s" * 32}
    ended = Program(ttsqueue.data, ttsqueue.here, identity)(*LAN, code=2)
    assert ended.err.startswith("--lan lets devices in by a code, TTSQUEUE_AUTH=jwt by tokens")
    assert len(ended.err.splitlines()) == 1


def test_letters_that_the_output_lacks_are_left_out(ttsqueue: Program) -> None:
    process = Program(ttsqueue.data, ttsqueue.here, {"PYTHONIOENCODING": "ascii"}).start(*LAN, "--port", "0")
    try:
        assert "?" not in household_of(process).shown
    finally:
        end(process)
