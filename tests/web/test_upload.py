"""From a file to a book in the queue, without script: upload, review, make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from httpx import Response

from tests.api.access_tokens import USER
from tests.audio.test_cover import png
from tests.books.epub_maker import epub, page
from tests.web.website import (
    STRANGER,
    WITH_TOKENS,
    Website,
    alert,
    drawn,
    form_of,
    heading,
    open_website,
    send,
    words,
)
from ttsqueue.jobs import Job
from ttsqueue.listing import JobFilter

PROSE = "The keeper climbed the stairs and lit the lamp before the fog came in. " * 3
PAGES = {
    "title.xhtml": page("<h1>Copyright</h1><p>All rights are with the keeper.</p>", 'epub:type="copyright-page"'),
    "a.xhtml": page(f"<h1>The Stairs</h1><p>{PROSE}</p>"),
    "b.xhtml": page(f"<h1>Oil and Salt</h1><p>{PROSE}</p>"),
    "c.xhtml": page(f"<h1>Fog</h1><p>{PROSE}</p>"),
}
TOC = [("Copyright", "title.xhtml"), ("The Stairs", "a.xhtml"), ("Oil and Salt", "b.xhtml"), ("Fog", "c.xhtml")]
COVER = '<item id="c" href="c.png" media-type="image/png" properties="cover-image"/>'
BOOK = ("Lighthouse.epub", epub(PAGES, TOC, manifest=COVER, extra={"OEBPS/c.png": png(60, 90)}))
PASTED = "# One\n\nIt was night.\n\n# Two\n\nIt was day."


def leftovers(website: Website) -> list[Path]:
    folder = website.app.settings.data / "uploads"
    return list(folder.iterdir()) if folder.is_dir() else []


async def jobs(website: Website) -> tuple[Job, ...]:
    return (await website.app.queue.list_jobs(JobFilter())).jobs


def kept(answer: Response) -> list[tuple[str, bool]]:
    """Title and tick of each chapter on the review page."""
    rows = drawn(answer).get_element_by_id("rows").xpath("li")
    return [
        (row.xpath(".//input[starts-with(@name, 'title-')]/@value")[0], bool(row.xpath(".//input[@checked]")))
        for row in rows
    ]


async def test_a_file_becomes_a_review_and_the_review_a_book(website: Website) -> None:
    browser = await website.signed_in()
    reviewed = await send(browser, form_of(await browser.get("/"), "/books"), BOOK)
    assert reviewed.status_code == 200, reviewed.text
    assert kept(reviewed) == [("Copyright", False), ("The Stairs", True), ("Oil and Salt", True), ("Fog", True)]
    form = form_of(reviewed, "/books/new")
    assert (form.fields["title"], form.fields["author"]) == ("The Lighthouse", "Ada Keeper")
    assert leftovers(website) == []
    assert not await jobs(website)
    made = await send(browser, form)
    (job,) = await jobs(website)
    assert (made.status_code, made.headers["location"]) == (303, f"/books/{job.id}")
    assert (job.user_id, job.title, job.total_chapters) == (USER, "The Lighthouse", 3)
    page = drawn(await browser.get(made.headers["location"]))
    assert words(page.find(".//h1")) == "The Lighthouse"
    claim = await website.app.queue.claim_next_job()
    assert claim
    assert claim.payload.book.cover_file_id
    assert await website.app.storage.exists(claim.payload.book.cover_file_id)
    assert all(PROSE.strip() in chapter.text for chapter in claim.payload.chapters)


async def test_chapters_are_renamed_dropped_put_back_and_moved(website: Website) -> None:
    browser = await website.signed_in()
    reviewed = await send(browser, form_of(await browser.get("/"), "/books"), BOOK)
    changes: dict[str, Any] = {
        "title-ch4": "Fog & Night",
        "title": "Lamp",
        "author": "",
        "speed": "1.5",
        "format": "mp3",
    }
    made = await send(browser, form_of(reviewed, "/books/new"), keep=["ch4", "ch1", "ch2"], **changes)
    assert made.status_code == 303, made.text
    claim = await website.app.queue.claim_next_job()
    assert claim
    assert [chapter.title for chapter in claim.payload.chapters] == ["Fog & Night", "Copyright", "The Stairs"]
    book = claim.payload.book
    assert (book.title, book.author, book.language, book.audio_format) == ("Lamp", "", "en", "mp3")
    assert claim.payload.voice_settings.speed == 1.5


async def test_what_was_decided_survives_a_refusal(website: Website) -> None:
    browser = await website.signed_in()
    reviewed = await send(browser, form_of(await browser.get("/"), "/books"), BOOK)
    changes: dict[str, Any] = {"title-ch2": "Up", "title": "Lamp", "speed": "2.0", "format": "opus"}
    refused = await send(browser, form_of(reviewed, "/books/new"), keep=[], **changes)
    assert refused.status_code == 422
    assert alert(refused) == "No chapter is chosen; tick at least one."
    assert ("Up", False) in kept(refused)
    form = form_of(refused, "/books/new")
    assert (form.fields["title"], form.fields["speed"], form.fields["format"]) == ("Lamp", "2.0", "opus")
    assert (await send(browser, form, keep=["ch2"])).status_code == 303


async def test_pasted_text_needs_no_file(website: Website) -> None:
    browser = await website.signed_in()
    reviewed = await send(browser, form_of(await browser.get("/"), "/books"), text=PASTED, title="Day and Night")
    assert heading(reviewed) == "Day and Night"
    assert kept(reviewed) == [("One", True), ("Two", True)]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (None, "There is no text yet; paste some, or choose a file."),
        (("book.epub", b"no zip"), "named .epub but is not one"),
        (("book.exe", b"MZ\x00\x01\x02\xff"), "kind of file cannot be read"),
        (("empty.txt", b""), "empty"),
    ],
)
async def test_what_is_no_book_is_refused_on_the_same_page(
    website: Website, file: tuple[str, bytes] | None, said: str
) -> None:
    browser = await website.signed_in()
    refused = await send(browser, form_of(await browser.get("/"), "/books"), file, text="...")
    assert (refused.status_code, heading(refused)) == (422, "Make an audiobook")
    assert said in alert(refused)
    assert drawn(refused).xpath("//textarea")[0].value.strip() == "..."
    assert leftovers(website) == []


async def test_the_same_book_twice_leads_to_the_first(website: Website) -> None:
    browser = await website.signed_in()
    reviewed = await send(browser, form_of(await browser.get("/"), "/books"), text=PASTED)
    first = await send(browser, form_of(reviewed, "/books/new"))
    again = await send(browser, form_of(reviewed, "/books/new"))
    assert again.status_code == 409
    assert drawn(again).xpath("//*[@role='alert']//a/@href") == [first.headers["location"]]


@pytest.mark.parametrize("book", ["", "{", "[]", '{"title": "x"}', '{"title": "x", "chapters": [{"id": 1}]}'])
async def test_a_review_that_somebody_wrote_is_refused(website: Website, book: str) -> None:
    browser = await website.signed_in()
    reviewed = await send(browser, form_of(await browser.get("/"), "/books"), text=PASTED)
    refused = await send(browser, form_of(reviewed, "/books/new"), book=book)
    assert refused.status_code == 422
    assert "choose the file again" in words(drawn(refused))


@pytest.mark.parametrize(
    "wrong", [{"speed": "99"}, {"speed": "fast"}, {"speed": "nan"}, {"voice": "nobody:none"}, {"format": "exe"}]
)
async def test_a_wrong_wish_is_refused_with_a_sentence(website: Website, wrong: dict[str, Any]) -> None:
    browser = await website.signed_in()
    reviewed = await send(browser, form_of(await browser.get("/"), "/books"), text=PASTED)
    refused = await send(browser, form_of(reviewed, "/books/new"), **wrong)
    assert refused.status_code == 422
    assert not await jobs(website)


async def test_a_review_cannot_name_another_user_or_a_better_place(website: Website) -> None:
    browser = await website.signed_in()
    reviewed = await send(browser, form_of(await browser.get("/"), "/books"), text=PASTED)
    more: dict[str, Any] = {"userId": STRANGER, "priority": "1", "isPremium": "true"}
    assert (await send(browser, form_of(reviewed, "/books/new"), **more)).status_code == 303
    (job,) = await jobs(website)
    assert (job.user_id, job.priority) == (USER, 5)


async def test_the_limit_of_active_books_holds_and_nothing_is_lost(tmp_path: Path) -> None:
    async with open_website(tmp_path / "data", TTSQUEUE_MAX_ACTIVE_JOBS="1", **WITH_TOKENS) as website:
        await website.add()
        browser = await website.signed_in()
        reviewed = await send(browser, form_of(await browser.get("/"), "/books"), BOOK)
        refused = await send(browser, form_of(reviewed, "/books/new"), title="Lamp")
        assert refused.status_code == 429
        assert alert(refused).startswith("You may have 1 book waiting")
        assert form_of(refused, "/books/new").fields["title"] == "Lamp"


def set_up_server(folder: Path, monkeypatch: pytest.MonkeyPatch, line: str = "", engine: str = "openai") -> None:
    """A TTS server that nobody has to call, with the voice bella."""
    usual = ('name = "attic"', f'engine = "{engine}"', 'url = "http://127.0.0.1:9/v1"', 'voices = ["bella"]')
    (folder / "servers.toml").write_text("\n".join(["[[server]]", *usual, line]))
    monkeypatch.setenv("TTSQUEUE_SERVERS", str(folder / "servers.toml"))


async def test_length_and_cost_are_told_before_the_book_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up_server(tmp_path, monkeypatch, "price_per_million_characters = 20_000")
    monkeypatch.setenv("TTSQUEUE_VOICE", "openai:bella")
    monkeypatch.setenv("TTSQUEUE_MAX_COST_PER_DAY", "0.5")
    async with open_website(tmp_path / "data") as home:
        browser = home.browser()
        review = await send(browser, form_of(await browser.get("/"), "/books"), text=PASTED)
        said = drawn(review)
        assert (
            " 2 chapters · about 2 s of sound · about 2 calls · costs about 0.68 · starts"
            in f" {words(said.get_element_by_id('sum'))}"
        )
        assert words(said.get_element_by_id("price")).startswith("Reckoned at 20,000.00 for a million characters")
        refused = await send(browser, form_of(review, "/books/new"))
        assert alert(refused).startswith("This costs about 0.68, and 0.50 may be spent in 24 hours for you")
        assert await jobs(home) == ()


async def test_calls_are_told_of_servers_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up_server(tmp_path, monkeypatch, engine="coqui")
    pasted = PASTED + "\n\n" + PROSE * 6
    for voice, calls in (("coqui:bella", " · about 4 calls · starts"), ("espeak:en-us", " of sound · starts")):
        monkeypatch.setenv("TTSQUEUE_VOICE", voice)
        async with open_website(tmp_path / "data") as home:
            browser = home.browser()
            said = drawn(await send(browser, form_of(await browser.get("/"), "/books"), text=pasted))
            assert calls in words(said.get_element_by_id("sum"))


async def test_a_price_that_is_missing_is_told_before_the_book_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up_server(tmp_path, monkeypatch, 'api_key_env = "ATTIC_KEY"')
    monkeypatch.setenv("TTSQUEUE_VOICE", "openai:bella")
    monkeypatch.setenv("ATTIC_KEY", "sk-1")
    async with open_website(tmp_path / "data") as home:
        browser = home.browser()
        said = drawn(await send(browser, form_of(await browser.get("/"), "/books"), text=PASTED))
    assert "of sound · about 2 calls · costs money, nobody knows how much · starts" in words(
        said.get_element_by_id("sum")
    )
    assert "price_per_million_characters" in words(said.get_element_by_id("unpriced"))
    assert said.get_element_by_id("price").get("hidden") is not None
