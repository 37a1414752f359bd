"""The list of a user's books, without script."""

from __future__ import annotations

from pathlib import Path

import pytest
from httpx import AsyncClient, Response

from tests.web.website import STRANGER, WITH_TOKENS, Website, drawn, form_of, heading, open_website, send, words
from ttsqueue.jobs import JobStatus
from ttsqueue.web.books_page import PAGE


def titles(answer: Response) -> list[str]:
    return [words(link) for link in drawn(answer).xpath("//ul[@id='shelf']//a[@class='name']")]


def said(answer: Response) -> str:
    return words(drawn(answer).get_element_by_id("said"))


async def choose(browser: AsyncClient, action: str, *job_ids: str, at: str = "/books") -> Response:
    """Tick books in the list, press the button, and see the page that follows."""
    done = await send(browser, form_of(await browser.get(at), "/books/chosen"), job=list(job_ids), action=action)
    assert done.status_code == 303, done.text
    return await browser.get(done.headers["location"])


async def test_the_newest_book_stands_first_with_its_state_in_words(website: Website) -> None:
    await website.done("Fog")
    await website.failed("Salt", error="The voice server refused chapter 2.")
    await website.stopped("Oil")
    await website.speaking("Stairs")
    await website.add("Lamp")
    await website.add("Harbour")
    page = drawn(await (await website.signed_in()).get("/books"))
    rows = [words(row.find_class("about")[0]) for row in page.get_element_by_id("shelf")]
    assert rows[0].startswith("Harbour Waiting 1 book before yours 2 chapters · ")
    assert rows[1].startswith("Lamp Waiting yours is next")
    assert rows[2].startswith("Stairs Speaking chapter 1 of 2")
    assert rows[3].startswith("Oil Stopped on request")
    assert rows[4].startswith("Salt Failed The voice server refused chapter 2 ")
    assert rows[5].startswith("Fog Done plays 3 min 2 chapters · ")


async def test_everybody_sees_their_own_books_only(website: Website) -> None:
    await website.add("Mine")
    await website.add("Theirs", user_id=STRANGER)
    assert titles(await (await website.signed_in()).get("/books")) == ["Mine"]
    admin = await website.signed_in(sub=STRANGER, app_metadata={"role": "admin"})
    assert titles(await admin.get("/books")) == ["Theirs"]


async def test_an_empty_list_says_what_to_do(website: Website) -> None:
    page = drawn(await (await website.signed_in()).get("/books"))
    assert "No books yet." in words(page)
    assert not page.xpath("//form[@id='search' or @id='choosing']")
    assert page.xpath("//main//a[@href='/']")


async def test_search_and_state_are_kept_in_the_address(website: Website) -> None:
    await website.done("Fog over Sparrow")
    await website.done("Lamp")
    await website.stopped("Sparrow & Fog")
    browser = await website.signed_in()
    form = form_of(await browser.get("/books"), "/books")
    found = await browser.get("/books", params=dict(form.form_values()) | {"q": " sparrow  ", "state": "done"})
    assert titles(found) == ["Fog over Sparrow"]
    again = form_of(found, "/books")
    assert (again.fields["q"], again.fields["state"]) == ("sparrow", "done")
    assert titles(await browser.get("/books?state=stopped")) == ["Sparrow & Fog"]
    assert titles(await browser.get("/books?q=%26")) == ["Sparrow & Fog"]
    none = await browser.get("/books?q=%25")
    assert "No book of yours matches." in words(drawn(none))
    assert len(titles(await browser.get("/books?state=nonsense"))) == 3


async def test_older_books_are_behind_a_link_with_the_same_search(website: Website) -> None:
    for number in range(PAGE + 2):
        await website.add(f"Sparrow {number}")
    await website.add("Lamp")
    browser = await website.signed_in()
    first = await browser.get("/books?q=sparrow")
    assert titles(first) == [f"Sparrow {number}" for number in range(PAGE + 1, 1, -1)]
    (more,) = drawn(first).xpath("//a[@id='more']/@href")
    last = await browser.get(more)
    assert titles(last) == ["Sparrow 1", "Sparrow 0"]
    assert not drawn(last).xpath("//a[@id='more']")
    (back,) = drawn(last).xpath("//a[text()='Back to the newest']/@href")
    assert titles(await browser.get(back)) == titles(first)


@pytest.mark.parametrize("cursor", ["x", "%00", "-1", "999999999999999999999"])
async def test_a_cursor_that_is_not_ours_is_a_page_that_says_so(website: Website, cursor: str) -> None:
    answer = await (await website.signed_in()).get(f"/books?cursor={cursor}")
    assert answer.status_code in (400, 422)
    assert heading(answer) == "That did not work"


async def test_chosen_books_are_stopped_and_the_search_is_kept(website: Website) -> None:
    done, *open_ = [
        await website.done("Sparrow 1"),
        await website.speaking("Sparrow 2"),
        await website.add("Sparrow 3"),
    ]
    left = await website.add("Sparrow 4")
    after = await choose(await website.signed_in(), "stop", done.id, *(job.id for job in open_), at="/books?q=sparrow")
    assert said(after) == "2 books stopped. 1 book was left: already at an end."
    assert form_of(after, "/books").fields["q"] == "sparrow"
    assert [(await website.app.queue.get_job(job.id)).status for job in open_] == [JobStatus.CANCELLED] * 2
    assert (await website.app.queue.get_job(left.id)).status is JobStatus.PENDING


async def test_chosen_books_are_tried_again(website: Website) -> None:
    failed, stopped = await website.failed("Fog"), await website.stopped("Lamp")
    waiting = await website.add("Salt")
    after = await choose(await website.signed_in(), "retry", failed.id, stopped.id, waiting.id)
    assert said(after) == "2 books will be tried again. 1 book was left: not stopped before, or waiting already."
    for job in (failed, stopped):
        assert (await website.app.queue.get_job(job.id)).status is JobStatus.PENDING


async def test_chosen_books_are_deleted_with_their_sound(website: Website) -> None:
    storage = website.app.storage
    done, waiting = await website.done("Fog"), await website.add("Lamp")
    await storage.prepare()
    draft = storage.draft("m4b")
    draft.write_bytes(b"sound")
    await storage.publish(draft, f"{done.id}.book-1.m4b")
    after = await choose(await website.signed_in(), "delete", done.id, waiting.id)
    assert said(after) == "1 book deleted. 1 book was left: still waiting or being spoken; stop those first."
    assert titles(after) == ["Lamp"]
    assert not await storage.exists(f"{done.id}.book-1.m4b")


async def test_a_selection_cannot_reach_somebody_elses_book(website: Website) -> None:
    theirs = [await website.done("Fog", user_id=STRANGER), await website.add("Lamp", user_id=STRANGER)]
    await website.add("Mine")
    browser = await website.signed_in()
    for action in ("stop", "retry", "delete"):
        after = await choose(browser, action, *(job.id for job in theirs), "no-such-book", "")
        assert said(after).startswith("Nothing was changed. 4 books were left: ")
    assert [(await website.app.queue.get_job(job.id)).status for job in theirs] == ["completed", "pending"]


async def test_without_a_choice_nothing_happens(website: Website) -> None:
    await website.add()
    browser = await website.signed_in()
    assert said(await choose(browser, "delete")) == "No book was chosen."
    form = form_of(await browser.get("/books"), "/books/chosen")
    for action in ("", "explode"):
        refused = await send(browser, form, action=action)
        assert refused.status_code == 422
        assert "stop, retry or delete" in words(drawn(refused))


async def test_trying_again_is_held_to_the_limit_of_active_books(tmp_path: Path) -> None:
    async with open_website(tmp_path / "data", TTSQUEUE_MAX_ACTIVE_JOBS="1", **WITH_TOKENS) as website:
        stopped = [(await website.stopped(title)).id for title in ("Fog", "Lamp")]
        browser = await website.signed_in()
        form = form_of(await browser.get("/books"), "/books/chosen")
        refused = await send(browser, form, action="retry", job=stopped)
        assert (refused.status_code, heading(refused)) == (429, "Enough for now")
        assert int(refused.headers["retry-after"]) > 0
        states = [(await website.app.queue.get_job(job_id)).status for job_id in stopped]
        assert states == [JobStatus.PENDING, JobStatus.CANCELLED]


@pytest.mark.parametrize(
    "did", ["delete-3", "explode-1-0", "delete--1-0", "delete-1-<script>", "delete-9999999-0", "٣"]
)
async def test_an_address_cannot_put_words_into_the_page(website: Website, did: str) -> None:
    answer = await (await website.signed_in()).get("/books", params={"did": did})
    assert said(answer) == ""


async def test_a_cover_is_shown(website: Website) -> None:
    job = await website.done()
    folder = website.app.storage.folder / job.work_id
    folder.mkdir(parents=True)
    (folder / f"{job.work_id}.cover-0123456789abcdef.jpg").write_bytes(b"\xff\xd8picture")
    browser = await website.signed_in()
    (source,) = drawn(await browser.get("/books")).xpath("//img/@src")
    picture = await website.browser().get(source)
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
