"""What goes wrong is a page for a browser, and JSON for everybody else."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from tests.web.website import Website, drawn, form_of, heading, words
from ttsqueue.api.headers import security_headers
from ttsqueue.errors import StoreUnavailable

AS_PROGRAM = {"Accept": "application/json"}


def main(text: str) -> str:
    return text.partition("<main")[2]


async def test_an_address_that_is_not_there(website: Website) -> None:
    browser = await website.signed_in()
    answer = await browser.get("/nowhere/<script>")
    assert (answer.status_code, heading(answer)) == (404, "There is nothing here")
    assert "script>" not in main(answer.text)
    assert drawn(answer).xpath("//nav//a[@href='/books']")
    assert form_of(answer, "/sign-out").fields["csrf_token"]
    told = await browser.get("/nowhere", headers=AS_PROGRAM)
    assert (told.status_code, told.json()["code"]) == (404, "not_found")


async def test_the_api_answers_browsers_with_json_too(website: Website) -> None:
    browser = await website.signed_in()
    for address in ("/api/nowhere", "/api/tts/queue?jobId=nobody"):
        answer = await browser.get(address)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/json")


async def test_a_stranger_sees_no_pages_of_users_in_the_navigation(website: Website) -> None:
    page = drawn(await website.browser().get("/nowhere"))
    assert page.xpath("//nav//a/@href") == ["/sign-in"]


async def test_a_method_that_a_page_does_not_take(website: Website) -> None:
    answer = await (await website.signed_in()).put("/books")
    assert (answer.status_code, heading(answer)) == (405, "That does not work here")
    assert answer.headers["allow"] == "GET, POST"
    told = await website.browser().put("/api/tts/queue", json={})
    assert (told.status_code, told.headers["allow"]) == (405, "DELETE, GET, POST")


async def test_a_name_that_is_not_ours(website: Website) -> None:
    answer = await website.browser().get("/", headers={"Host": "evil.example"})
    assert (answer.status_code, heading(answer)) == (421, "Not under this name")


async def test_what_only_admins_may_see(website: Website) -> None:
    answer = await (await website.signed_in()).get("/admin")
    assert (answer.status_code, heading(answer)) == (403, "Not yours to do")


async def test_a_malformed_address(website: Website) -> None:
    browser = await website.signed_in()
    token = form_of(await browser.get("/"), "/books").fields["csrf_token"]
    broken: dict[str, Any] = {
        "content": b"--x\r\nnonsense",
        "headers": {"Content-Type": "multipart/form-data; boundary=x"},
    }
    answer = await browser.post("/books", **broken)
    assert answer.status_code == 400
    assert "reload the page" in words(drawn(answer))
    many = "&".join(f"a{number}=b" for number in range(30_001))
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRF-Token": str(token)}
    assert (await browser.post("/books/chosen", content=many, headers=headers)).status_code == 400


async def _failing(*_: object, **__: object) -> None:
    raise RuntimeError("the secret reason /srv/ttsqueue")


async def _locked(*_: object, **__: object) -> None:
    raise StoreUnavailable("The file /srv/ttsqueue/queue.db is locked.")


async def test_a_fault_of_ours_names_the_request_and_nothing_else(
    website: Website, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    browser = await website.signed_in()
    monkeypatch.setattr(type(website.app.queue), "list_jobs", _failing)
    with caplog.at_level(logging.INFO):
        answer = await browser.get("/books")
    assert (answer.status_code, heading(answer)) == (500, "Something went wrong here")
    assert "/srv" not in answer.text
    assert "RuntimeError" not in answer.text
    number = answer.headers["x-request-id"]
    assert words(drawn(answer).find(".//main//code")) == number
    assert any(record.getMessage().startswith(f"{number} GET /books 500") for record in caplog.records)
    told = await browser.get("/books", headers=AS_PROGRAM)
    assert (told.status_code, told.json()["code"]) == (500, "internal_error")


async def test_a_store_that_does_not_answer(website: Website, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = await website.signed_in()
    monkeypatch.setattr(type(website.app.queue), "list_jobs", _locked)
    answer = await browser.get("/books")
    assert (answer.status_code, heading(answer)) == (503, "Not available at the moment")
    assert "/srv" not in answer.text
    assert int(answer.headers["retry-after"]) > 0
    assert "try again in a moment" in words(drawn(answer))


async def test_every_page_carries_the_headers_that_bind_browsers(website: Website) -> None:
    browser = await website.signed_in()
    for answer in (await browser.get("/"), await browser.get("/nowhere"), await website.browser().get("/books")):
        assert {name: answer.headers[name] for name in security_headers()} == security_headers()
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-request-id"]


async def test_browsers_ask_each_time_for_what_pages_are_made_of(website: Website) -> None:
    browser = website.browser()
    first = await browser.get("/static/app.js")
    assert (first.status_code, first.headers["cache-control"]) == (200, "no-cache")
    again = await browser.get("/static/app.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await browser.get("/static/../pages.py")).status_code == 404
    assert (await browser.get("/static/%2e%2e/pages.py")).status_code == 404
