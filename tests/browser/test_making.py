"""From a file to an audiobook."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import av
import pytest
from playwright.sync_api import Browser, FileChooser, Page, expect
from playwright.sync_api import TimeoutError as NoChooser

from tests.browser.conftest import PATIENCE
from tests.browser.steps import (
    NEVER_DONE,
    SHORT,
    THREE_CHAPTERS,
    book_of,
    choose,
    file_of,
    hand_in,
    hear,
    seconds_heard,
    stop,
    wait_for_chapter,
    wait_until_done,
)


def test_a_person_hears_chapter_1_while_the_others_are_spoken_and_downloads_the_audiobook(
    page: Page, tmp_path: Path
) -> None:
    hand_in(page, THREE_CHAPTERS)
    expect(page.locator("#live")).to_have_text("live")
    wait_for_chapter(page, 1)
    page.locator("#play-1").click()
    hear(page, 0.2)
    expect(page.locator("#status")).to_contain_text("Speaking chapter")
    assert re.match(r"\d+ % · The Lighthouse$", page.title())
    expect(page.locator("#chapter-3 .facts")).to_have_text(re.compile("waiting|speaking"))
    wait_until_done(page)
    assert seconds_heard(page) > 0.2, "the player went on while the page changed"
    assert page.title() == "Done · The Lighthouse"
    with page.expect_download() as downloading:
        page.locator("#audiobook").click()
    assert downloading.value.suggested_filename == "The Lighthouse.m4b"
    downloading.value.save_as(tmp_path / "book.m4b")
    with av.open(str(tmp_path / "book.m4b")) as book:
        assert [chapter["metadata"]["title"] for chapter in book.chapters()] == list(THREE_CHAPTERS)
    with page.expect_download() as downloading:
        page.locator("#fetch-2").click()
    assert downloading.value.suggested_filename == "The Lighthouse - 2.m4a"


def test_a_book_that_is_dropped_anywhere_on_the_page_shows_its_chapters(page: Page) -> None:
    page.goto("/")
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.items.add(new File([text], "dropped.md"));
          const dropped = { dataTransfer: data, bubbles: true, cancelable: true };
          for (const type of ["dragover", "drop"])
            document.querySelector("h1").dispatchEvent(new DragEvent(type, dropped));
        }""",
        book_of({"Dropped": SHORT}),
    )
    expect(page.get_by_label("Title of entry 1")).to_have_value("Dropped")


def test_text_that_is_pasted_anywhere_on_the_page_becomes_a_book(page: Page) -> None:
    page.goto("/")
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          const pasted = { clipboardData: data, bubbles: true, cancelable: true };
          document.body.dispatchEvent(new ClipboardEvent("paste", pasted));
        }""",
        book_of({"Pasted": SHORT}),
    )
    expect(page.get_by_label("Text")).to_be_focused()
    page.locator("#paste button").click()
    expect(page.get_by_label("Title of entry 1")).to_have_value("Pasted")


def test_a_file_that_is_no_book_is_refused_in_a_sentence_and_another_can_be_chosen_at_once(page: Page) -> None:
    page.goto("/")
    broken = {"name": "broken.epub", "mimeType": "application/epub+zip", "buffer": b"not a book"}
    page.set_input_files("#file", files=broken)  # type: ignore[arg-type]
    expect(page.get_by_role("alert")).to_contain_text("epub")
    page.set_input_files("#file", files=file_of({"Fine": SHORT}))
    expect(page.locator("#review")).to_be_visible()


def test_an_upload_shows_how_far_it_is(page: Page) -> None:
    page.goto("/")
    page.evaluate(
        """() => {
          const bar = document.getElementById("upload-bar");
          const said = document.getElementById("upload-said");
          window.seen = [];
          new MutationObserver(() => seen.push([bar.value, said.textContent])).observe(said, { childList: true });
        }"""
    )
    page.set_input_files("#file", files=file_of({"Long": 4_000_000}))
    expect(page.locator("#review")).to_be_visible()
    seen = page.evaluate("seen")
    assert seen[-1] == [1, "Reading the book"]
    assert all(f"{int(value * 100)} %" in said for value, said in seen[:-1])


def test_a_chapter_titled_script_is_shown_and_nothing_runs(page: Page) -> None:
    page.on("dialog", lambda dialog: pytest.fail(f"ran: {dialog.message}"))
    name = "<script>alert(1)</script>"
    choose(page, {name.replace("<", "\\<"): SHORT, "\\<img src=x onerror=alert(2)>": SHORT})
    expect(page.get_by_label("Title of entry 1")).to_have_value(name)
    page.get_by_label("Title", exact=True).fill(f"{name}&amp;\"'")
    page.get_by_role("button", name="Make the audiobook").click()
    wait_until_done(page)
    expect(page.locator("h1")).to_have_text(f"{name}&amp;\"'")
    expect(page.locator("#chapter-1 .name")).to_have_text(name)
    expect(page.locator("#now")).to_have_text(f"1 · {name}")
    assert page.title() == f"Done · {name}&amp;\"'"
    page.reload()
    expect(page.locator("#chapter-1 .name")).to_have_text(name)
    assert page.locator("main script, main img").count() == 0


def opened_by_key(page: Page) -> FileChooser:
    """On a busy machine the browser is seen to lose the first key, and a person presses again."""
    for _ in range(3):
        with suppress(NoChooser), page.expect_file_chooser(timeout=7000) as choosing:
            page.keyboard.press("Space")
            return choosing.value
    raise AssertionError("the key opens no file chooser")


def test_a_book_can_be_made_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/")
    tab_to(page, "#file")
    chooser = opened_by_key(page)
    chooser.set_files(files=file_of({"The Stairs": SHORT, "Fog": SHORT}))
    expect(page.locator("main")).to_be_focused()
    tab_to(page, "[name=title]")
    page.keyboard.press("Control+A")
    page.keyboard.type("By hand")
    tab_to(page, "#rows .row:nth-child(2) .in-place")
    page.keyboard.press("Alt+ArrowUp")
    tab_to(page, "#rows .row:nth-child(2) [name=keep]")
    page.keyboard.press("Space")
    tab_to(page, "#make")
    page.keyboard.press("Enter")
    wait_until_done(page)
    expect(page.locator("h1")).to_have_text("By hand")
    expect(page.locator(".row .name")).to_have_text(["Fog"])
    tab_to(page, "#play-1")
    page.keyboard.press("Enter")
    hear(page, 0.1)
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.getElementById('audio').paused")
    tab_to(page, "#audiobook", backwards=True)
    with page.expect_download():
        page.keyboard.press("Enter")


def tab_to(page: Page, selector: str, *, backwards: bool = False) -> None:
    """As far as it takes; what is reached shows that it has the focus."""
    for _ in range(60):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            assert page.evaluate("document.activeElement.matches(':focus-visible')")
            return
    pytest.fail(f"The keyboard does not reach {selector}")


def test_without_script_a_book_is_made_by_forms_and_followed_by_looking_again(browser: Browser, address: str) -> None:
    with browser.new_context(base_url=address, java_script_enabled=False) as context:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto("/")
        page.set_input_files("#file", files=file_of({"The Stairs": SHORT, "Oil and Salt": SHORT, "Fog": SHORT}))
        page.locator("#drop").get_by_role("button", name="Show the chapters").click()
        assert page.locator(".with-script").evaluate_all("all => all.every(one => !one.checkVisibility())")
        page.get_by_label("Speak Fog").uncheck()
        page.get_by_role("button", name="Make the audiobook").click()
        for _ in range(100):
            if page.locator("#audiobook").count():
                break
            page.get_by_role("link", name="Look again").click()
            page.wait_for_timeout(200)
        expect(page.locator(".row .name")).to_have_text(["The Stairs", "Oil and Salt"])
        sound = page.request.get(page.locator("#play-1").get_attribute("href") or "")
        assert sound.headers["content-type"] == "audio/mp4"
        page.get_by_text("Delete this book").click()
        page.get_by_role("button", name="Delete for good").click()
        assert page.url.endswith("/books")


def test_a_review_that_comes_too_late_leads_to_the_book_that_is_being_made(page: Page) -> None:
    first = hand_in(page, NEVER_DONE)
    choose(page, NEVER_DONE)
    page.get_by_role("button", name="Make the audiobook").click()
    page.get_by_role("link", name="Go to it").click()
    page.wait_for_url(f"**/books/{first}")
    stop(page)
