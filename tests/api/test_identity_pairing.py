"""Letting phones in at home."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from httpx import AsyncClient

from ttsqueue.api.identity.guesses import Guesses
from ttsqueue.api.identity.identity import Identity
from ttsqueue.api.identity.modes import for_household
from ttsqueue.api.identity.pairing import new_code
from ttsqueue.api.identity.sessions import COOKIE
from ttsqueue.app import App
from ttsqueue.errors import LimitReached
from ttsqueue.local_user import LOCAL_USER_ID

from .access_tokens import by_secret
from .identity_site import make_client

CODE = "ABCD-EFGH"
SECRET = b"x" * 32


@pytest.fixture
def identity(app: App) -> Identity:
    return for_household(app.queue.provider, SECRET, CODE)


@pytest.fixture
def phone(identity: Identity) -> AsyncClient:
    return make_client(identity, source="192.168.1.20")


def wait_of(guesses: Guesses, source: str, now: float) -> float:
    """Seconds that somebody has to wait, 0 for none."""
    try:
        guesses.check(source, now)
    except LimitReached as refused:
        return refused.retry_after.total_seconds()
    return 0


async def test_a_phone_that_knows_the_code_is_the_local_user_for_thirty_days(phone: AsyncClient) -> None:
    answer = await phone.post("/api/tts/pair", json={"code": CODE})
    assert answer.status_code == 200
    age = int(SimpleCookie(answer.headers["set-cookie"])[COOKIE]["max-age"])
    assert 30 * 86400 - 5 <= age <= 30 * 86400
    known = (await phone.get("/api/tts/session")).json()
    assert (known["userId"], known["isAdmin"]) == (LOCAL_USER_ID, True)
    assert (await phone.post("/change")).status_code == 403
    assert (await phone.post("/change", headers={"X-CSRF-Token": answer.json()["csrfToken"]})).status_code == 200


@pytest.mark.parametrize("typed", ["abcdefgh", " abcd efgh ", "AbCd-EfGh", "ABCD - EFGH"])
async def test_how_the_code_is_typed_does_not_matter(phone: AsyncClient, typed: str) -> None:
    assert (await phone.post("/api/tts/pair", json={"code": typed})).status_code == 200


@pytest.mark.parametrize("source", ["127.0.0.1", "192.168.1.20"])
async def test_nobody_gets_in_without_the_code(identity: Identity, source: str) -> None:
    answer = await make_client(identity, source=source).get("/change")
    assert answer.status_code == 401
    assert "/pair" in answer.json()["error"]


async def test_access_tokens_are_not_taken_at_home(phone: AsyncClient) -> None:
    assert (await phone.get("/change", headers={"Authorization": f"Bearer {by_secret()}"})).status_code == 401


async def test_a_paired_phone_stays_in_when_the_server_starts_again_with_another_code(
    app: App, phone: AsyncClient
) -> None:
    await phone.post("/api/tts/pair", json={"code": CODE})
    again = make_client(for_household(app.queue.provider, SECRET, "WXYW-WXYW"))
    again.cookies = phone.cookies
    assert (await again.get("/change")).status_code == 200


async def test_guessing_is_slow_also_for_who_guesses_right_in_the_end(identity: Identity, phone: AsyncClient) -> None:
    wrong = [await phone.post("/api/tts/pair", json={"code": f"ABCD-EFG{letter}"}) for letter in "JKM"]
    assert [answer.status_code for answer in wrong] == [403] * 3
    right = await phone.post("/api/tts/pair", json={"code": CODE})
    assert (right.status_code, right.headers["retry-after"]) == (429, "1")
    assert "set-cookie" not in right.headers
    other = make_client(identity, source="192.168.1.21")
    assert (await other.post("/api/tts/pair", json={"code": CODE})).status_code == 200


@pytest.mark.parametrize("code", ["", "x" * 101, 7, None])
async def test_what_cannot_be_a_code_is_malformed(phone: AsyncClient, code: object) -> None:
    assert (await phone.post("/api/tts/pair", json={"code": code})).status_code == 400


async def test_strange_letters_are_a_wrong_code(phone: AsyncClient) -> None:
    for body in (b'{"code": "\\ud800"}', '{"code": "ÄÖÜ"}'.encode(), b'{"code": "\\u0000"}'):
        answer = await phone.post("/api/tts/pair", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in (400, 403)


def test_codes_are_random_and_have_no_letters_that_look_alike() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    letters = {letter for code in codes for letter in code.replace("-", "")}
    assert not letters & set("IL1O0S5Z2")
    assert all(len(code) == 9 and code[4] == "-" for code in codes)


def test_each_wrong_code_of_one_source_doubles_its_wait() -> None:
    guesses, now, waits = Guesses(), 0.0, []
    for _ in range(14):
        waits.append(wait_of(guesses, "a", now))
        now += waits[-1]
        guesses.failed("a", now)
    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900]
    assert wait_of(guesses, "b", now) == 0


def test_many_sources_together_are_slowed_down_too() -> None:
    guesses = Guesses()
    for number in range(40):
        guesses.failed(f"10.0.0.{number}", 0.0)
    assert wait_of(guesses, "10.0.1.1", 0.0) == 30
    assert wait_of(guesses, "10.0.1.1", 30.0) == 0


def test_a_day_of_guessing_from_everywhere_finds_nothing() -> None:
    guesses, now, tried = Guesses(), 0.0, 0
    while now < 86_400:
        source = str(tried)
        now += wait_of(guesses, source, now)
        guesses.failed(source, now)
        tried += 1
    assert tried < 3_000


def test_an_hour_of_quiet_is_a_new_start() -> None:
    guesses = Guesses()
    for _ in range(30):
        guesses.failed("a", 0.0)
    guesses.failed("a", 3601.0)
    assert wait_of(guesses, "a", 3601.0) == 0


def test_the_right_code_clears_its_source_and_nobody_else() -> None:
    guesses = Guesses()
    for source in "ab" * 4:
        guesses.failed(source, 0.0)
    guesses.succeeded("a")
    assert wait_of(guesses, "a", 0.0) == 0
    assert wait_of(guesses, "b", 0.0) > 0
