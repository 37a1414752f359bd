"""Coming in with the code from the terminal, at home."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.web.website import Website, alert, drawn, form_of, heading, open_website, send, words
from ttsqueue.api.identity.sessions import COOKIE

CODE = "ABCD-EFGH"


@pytest.fixture
async def household(tmp_path: Path) -> AsyncGenerator[Website, None]:
    async with open_website(tmp_path / "data", CODE, TTSQUEUE_HOST="192.168.1.5") as website:
        yield website


async def test_a_phone_is_led_to_the_pairing_and_back(household: Website) -> None:
    phone = household.browser("192.168.1.7")
    led = await phone.get("/books?state=done")
    assert led.headers["location"] == "/pair?next=/books%3Fstate%3Ddone"
    form = await phone.get(led.headers["location"])
    assert heading(form) == "Pair this device"
    back = await send(phone, form_of(form, "/pair"), code="abcd efgh")
    assert (back.status_code, back.headers["location"]) == (303, "/books?state=done")
    assert heading(await phone.get("/books")) == "My books"
    assert (await phone.get("/pair?next=/books")).headers["location"] == "/books"


async def test_a_paired_phone_may_do_everything_and_its_forms_are_checked(household: Website) -> None:
    phone = household.browser()
    await phone.post("/pair", data={"code": CODE})
    pasted = await send(phone, form_of(await phone.get("/"), "/books"), text="# One\n\nIt was night.", title="Fog")
    assert heading(pasted) == "Fog"
    assert (await phone.post("/books", files={"text": (None, b"It was night.")})).status_code == 403
    assert (await phone.get("/admin")).status_code == 200


async def test_a_wrong_code_is_said_on_the_page(household: Website) -> None:
    phone = household.browser()
    refused = await send(phone, form_of(await phone.get("/pair?next=/books"), "/pair"), code="WRONG")
    assert refused.status_code == 403
    assert alert(refused).startswith("This is not the pairing code")
    assert form_of(refused, "/pair").fields["next"] == "/books"
    assert COOKIE not in phone.cookies


async def test_guessing_is_slow(household: Website) -> None:
    phone = household.browser("192.168.1.66")
    statuses = [(await phone.post("/pair", data={"code": f"WRONG-{number}"})).status_code for number in range(4)]
    assert statuses == [403, 403, 403, 429]
    refused = await phone.post("/pair", data={"code": CODE})
    assert (refused.status_code, COOKIE in phone.cookies) == (429, False)
    assert alert(refused).startswith("Too many wrong codes; try again in ")
    assert (await household.browser("192.168.1.7").post("/pair", data={"code": CODE})).status_code == 303


async def test_the_sign_in_leads_to_the_pairing(household: Website) -> None:
    browser = household.browser()
    led = await browser.get("/sign-in?next=/books")
    assert led.headers["location"].endswith("/pair?next=/books")
    assert (await browser.post("/sign-in", data={"token": "anything"})).status_code == 401


async def test_the_code_never_travels_in_an_address(household: Website) -> None:
    page = drawn(await household.browser().get(f"/pair?code={CODE}"))
    assert not page.xpath("//input[@name='code']/@value")
    assert page.xpath("//script/@src")[-1] == "/static/pair.js"
    assert "30 days" in words(page)


async def test_nobody_is_led_away_from_home(household: Website) -> None:
    phone = household.browser()
    sent = await phone.post("/pair", data={"code": CODE, "next": "//evil.example"})
    assert sent.headers["location"] == "/"
