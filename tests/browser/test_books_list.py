"""The list of books: choosing, deleting with a way back, older books in place."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from ttsqueue.web.books_page import PAGE


def add_stopped(context: BrowserContext, number: int) -> str:
    """So many books that nobody speaks any more; returns a word that is in their titles alone."""
    word = f"Zephyr{uuid4().hex[:6]}"
    for each in range(number):
        book = {
            "workId": str(uuid4()),
            "title": f"{word} {each}",
            "chapters": [{"id": "a", "text": "It was night."}],
            "delaySeconds": 3600,
        }
        job = context.request.post("/api/tts/queue", data=book).json()["jobId"]
        assert context.request.delete(f"/api/tts/queue?jobId={job}").ok
    return word


def titles(page: Page) -> list[str]:
    return page.locator("#shelf > li:visible .name").all_inner_texts()


def choose(page: Page, *numbers: int) -> None:
    for number in numbers:
        page.locator("#shelf > li:visible input").nth(number).check()


def test_a_deletion_can_be_undone_by_the_key_that_is_next(page: Page, context: BrowserContext) -> None:
    word = add_stopped(context, 3)
    page.goto(f"/books?q={word}")
    expect(page.get_by_role("button", name="Delete")).to_be_disabled()
    choose(page, 0, 1)
    expect(page.locator("#chosen-count")).to_have_text("2 books chosen")
    page.get_by_role("button", name="Delete").click()
    assert titles(page) == [f"{word} 0"]
    expect(page.locator("#said")).to_contain_text("2 books will be deleted in 10 s.")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_have_text("Nothing was deleted.")
    page.reload()
    assert len(titles(page)) == 3


@pytest.mark.parametrize("then", ["wait", "leave", "go on"])
def test_what_is_not_undone_is_deleted(page: Page, context: BrowserContext, then: str) -> None:
    word = add_stopped(context, 3)
    page.goto(f"/books?q={word}")
    choose(page, 0)
    page.get_by_role("button", name="Delete").click()
    if then == "wait":
        expect(page.locator("#said")).to_have_text("1 book deleted.", timeout=12_000)
        expect(page.locator("#main")).to_be_focused()
    elif then == "go on":
        choose(page, 0)
        with page.expect_response("**/books/chosen"):
            page.get_by_role("button", name="Delete").click()
        expect(page.get_by_role("button", name="Undo")).to_be_focused()
        page.get_by_role("button", name="Undo").click()
    else:
        page.goto("/docs")
    page.goto(f"/books?q={word}")
    expect(page.locator("#shelf > li")).to_have_count(2)


def test_a_refused_deletion_brings_the_books_back(page: Page, context: BrowserContext) -> None:
    word = add_stopped(context, 2)
    page.goto(f"/books?q={word}")
    page.route("**/books/chosen", lambda route: route.abort())
    choose(page, 0)
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("#said")).to_contain_text("they are all still here", timeout=12_000)
    assert len(titles(page)) == 2


def test_older_books_are_added_in_place(page: Page, context: BrowserContext) -> None:
    word = add_stopped(context, PAGE + 2)
    page.goto(f"/books?q={word}")
    assert len(titles(page)) == PAGE
    page.get_by_role("link", name="More books").click()
    expect(page.locator("#shelf > li")).to_have_count(PAGE + 2)
    expect(page.get_by_role("link", name=f"{word} 1", exact=True)).to_be_focused()
    expect(page.get_by_role("link", name="More books")).to_have_count(0)


def test_the_search_follows_the_chosen_state_and_what_was_done_is_said_once(
    page: Page, context: BrowserContext
) -> None:
    word = add_stopped(context, 1)
    page.goto(f"/books?q={word}")
    page.get_by_label("State").select_option("Stopped")
    page.wait_for_url(re.compile("state=stopped"))
    choose(page, 0)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.locator("#said")).to_have_text("1 book stopped.")
    expect(page).not_to_have_url(re.compile("did="))
    page.reload()
    expect(page.locator("#said")).to_have_text("")
