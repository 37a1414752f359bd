"""Titles, names and errors from outside are shown as text, wherever they appear."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from httpx import Response

from tests.api.access_tokens import by_secret
from tests.web.markup import faults
from tests.web.website import Website, drawn, form_of, send, words
from ttsqueue.web.shown_text import shown

SCRIPT = "<script>alert(1)</script>"
QUOTES = """" onfocus="alert(1)" x='' autofocus><img src=x onerror=alert(1)>"""
TEMPLATE = "{{ 7 * 7 }}{% raw %}&lt;b&gt;</title></textarea>"
BIDI = "Fog\u202egpj.exe\u2066 \x07\x9b\x1b[31m end"
HOSTILE = [SCRIPT, QUOTES, TEMPLATE, BIDI]
UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def check(answer: Response, text: str) -> None:
    """The page is as sound as with any other text, shows this one, and no letter that nobody can see."""
    assert answer.status_code in (200, 401, 404, 409, 413, 422), answer.text
    assert faults(answer) == []
    page = drawn(answer)
    assert not page.xpath("//script[not(starts-with(@src, '/static/'))] | //img[@src='x'] | //*[@onfocus or @onerror]")
    assert not UNSHOWN.search(answer.text)
    if text:
        seen = words(page) + " ".join(page.xpath("//input/@value | //@aria-label"))
        assert " ".join(str(shown(text)).split()) in " ".join(seen.split())


@pytest.mark.parametrize("text", HOSTILE)
async def test_titles_of_books_and_chapters(website: Website, text: str) -> None:
    job = await website.add(text, chapters=(text, f"2 {text}"))
    browser = await website.signed_in(app_metadata={"role": "admin"})
    check(await browser.get(f"/books/{job.id}"), text)
    check(await browser.get("/books"), text)


@pytest.mark.parametrize("text", HOSTILE)
async def test_errors_of_voice_servers(website: Website, text: str) -> None:
    job = await website.failed(error=text)
    browser = await website.signed_in()
    check(await browser.get(f"/books/{job.id}"), text)
    check(await browser.get("/books"), text)


@pytest.mark.parametrize("text", HOSTILE)
async def test_books_on_their_way_through_the_review(website: Website, text: str) -> None:
    browser = await website.signed_in()
    choose = form_of(await browser.get("/"), "/books")
    pasted = f"# {text}\n\nIt was night. {text}\n\n# Two\n\nIt was day."
    reviewed = await send(browser, choose, text=pasted, title=text)
    check(reviewed, text)
    refused = await send(browser, form_of(reviewed, "/books/new"), author=text, voice=text)
    check(refused, text)
    check(await send(browser, choose, (f"{text}.exe", b"MZ"), text=text), "")
    made = await send(browser, form_of(reviewed, "/books/new"))
    assert made.status_code == 303, made.text
    check(await browser.get(made.headers["location"]), text)


@pytest.mark.parametrize("text", HOSTILE)
async def test_what_stands_in_addresses_and_forms(website: Website, text: str) -> None:
    browser = await website.signed_in()
    check(await browser.get("/books", params={"q": text, "state": text}), "")
    check(await browser.get("/books", params={"cursor": text}), "")
    check(await browser.get(f"/books/{quote(text, safe='')}"), "")
    check(await browser.get(f"/{quote(text, safe='')}"), "")
    check(await website.browser().post("/sign-in", data={"token": text, "next": text}), "")
    check(await website.browser().get("/sign-in", params={"next": text}), "")


@pytest.mark.parametrize("text", HOSTILE)
async def test_a_title_in_the_header_of_a_download(website: Website, text: str) -> None:
    job = await website.done(text)
    storage = website.app.storage
    await storage.prepare()
    draft = storage.draft("m4a")
    draft.write_bytes(b"sound")
    await storage.publish(draft, f"{job.id}.c0001-1.m4a")
    browser = await website.signed_in()
    (address,) = drawn(await browser.get(f"/books/{job.id}")).xpath("//a[@id='fetch-1']/@href")
    sound = await browser.get(address)
    assert (sound.status_code, sound.content) == (200, b"sound")
    name = sound.headers["content-disposition"]
    assert re.fullmatch(r"""attachment; filename="[^"\\\r\n<>]*\.m4a"; filename\*=UTF-8''[\w.%~-]*\.m4a""", name)
    assert sound.headers["x-content-type-options"] == "nosniff"


async def test_claims_of_a_token_are_never_markup(website: Website) -> None:
    refused = await website.browser().post("/sign-in", data={"token": by_secret(role=SCRIPT, sub=SCRIPT)})
    check(refused, "")


def test_shown_text_keeps_every_language() -> None:
    for text in ("שם\u200f", "سلام\u200cعلیکم", "日本語", "👩\u200d🚀", "a\tb\nc", "é"):
        assert shown(text) == text
    assert shown("a\x00\x1b[31m\u202eb\u2069\ud800\x85") == "a[31mb"
    assert shown(7) == 7
