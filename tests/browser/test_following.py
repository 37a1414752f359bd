"""The page of a book while it is made: live, stopped, reloaded, cut off."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.api.served import served
from tests.browser.conftest import DESKTOP, ONE_CHAPTER_AT_A_TIME, PATIENCE, PHONE, faults_of
from tests.browser.steps import (
    A_WHILE,
    NEVER_DONE,
    SHORT,
    THREE_QUICK_ONES,
    hand_in,
    hear,
    seconds_heard,
    stop,
    wait_for_chapter,
    wait_until_done,
)


def test_a_book_is_stopped_in_mid_chapter_and_its_finished_chapters_stay(page: Page) -> None:
    hand_in(page, NEVER_DONE)
    wait_for_chapter(page, 1)
    expect(page.locator("#status")).to_contain_text("Speaking chapter 2 of 2")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#status")).to_contain_text("Stopped on request")
    expect(page.locator("#status")).to_contain_text("1 of 2 chapters is safe")
    expect(page.locator("#chapter-2 .facts")).to_have_text(re.compile("not spoken"))
    expect(page).to_have_title("Stopped · The Lighthouse")
    page.locator("#play-1").click()
    hear(page, 0.1)
    hand_in(page, {"Another": SHORT}, title="Another")
    wait_until_done(page)


def test_a_stopped_book_goes_on_where_it_was(page: Page) -> None:
    hand_in(page, {"The Stairs": SHORT, "Fog": 3 * A_WHILE})
    wait_for_chapter(page, 1)
    stop(page)
    page.get_by_role("button", name="Go on").click()
    wait_until_done(page)
    page.get_by_text("What happened").click()
    spoken = page.locator(".timeline li", has_text="Chapter 1 spoken")
    expect(spoken).to_have_count(1)


def test_a_reload_in_mid_job_shows_the_same_and_goes_on_live(page: Page) -> None:
    hand_in(page, NEVER_DONE)
    wait_for_chapter(page, 1)
    page.locator("#play-1").click()
    hear(page, 1)
    page.locator("#toggle").click()
    before = page.locator("#progress").evaluate("bar => bar.value")
    page.reload()
    expect(page.locator("#live")).to_have_text("live")
    assert page.locator("#progress").evaluate("bar => bar.value") >= before
    page.wait_for_function("() => document.getElementById('audio').readyState > 0")
    assert seconds_heard(page) > 0.5, "the player remembers the position"
    percent = int((page.locator("#percent").text_content() or "0").rstrip(" %"))
    page.wait_for_function("least => parseInt(document.getElementById('percent').textContent) > least", arg=percent)
    stop(page)


def test_a_restarted_server_is_found_again_without_a_reload(browser: Browser, tmp_path: Path) -> None:
    port = free_port()
    options = ("up", "--port", port)
    with browser.new_context(base_url=f"http://127.0.0.1:{port}", viewport=DESKTOP) as context:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        faults = faults_of(page)
        with served(tmp_path / "data", *options, **ONE_CHAPTER_AT_A_TIME):
            hand_in(page, {"The Stairs": SHORT, "Fog": 3 * A_WHILE})
            wait_for_chapter(page, 1)
            expect(page.locator("#status")).to_contain_text("Speaking chapter 2 of 2")
            page.evaluate("window.notReloaded = true")
        expect(page.locator("#live")).to_have_text(re.compile(r"^reconnecting, last seen \d\d:\d\d$"))
        expect(page.locator("#status")).to_contain_text("Speaking chapter 2 of 2")
        with served(tmp_path / "data", *options, **ONE_CHAPTER_AT_A_TIME):
            expect(page.locator("#live")).to_have_text("live")
            wait_until_done(page)
            assert page.evaluate("window.notReloaded")
            page.get_by_text("What happened").click()
            expect(page.locator(".timeline li", has_text="Chapter 1 spoken")).to_have_count(1)
        assert faults == []


def free_port() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return str(taken.getsockname()[1])


def test_a_waiting_book_knows_its_place_and_begins_by_itself(page: Page) -> None:
    first = hand_in(page, NEVER_DONE, title="First")
    second = hand_in(page, {"Two": SHORT}, title="Second")
    hand_in(page, {"Three": SHORT}, title="Third")
    expect(page.locator("#status")).to_contain_text("Waiting · 1 book before yours")
    page.request.delete(f"/api/tts/queue?jobId={second}")
    page.reload()
    expect(page.locator("#status")).to_contain_text("Waiting · yours is next")
    page.request.delete(f"/api/tts/queue?jobId={first}")
    wait_until_done(page)


def test_a_book_that_is_deleted_elsewhere_says_that_it_is_not_here(page: Page) -> None:
    book = hand_in(page, {"The Stairs": SHORT})
    wait_until_done(page)
    elsewhere = page.context.new_page()
    elsewhere.goto(f"/books/{book}")
    elsewhere.get_by_text("Delete this book").click()
    elsewhere.get_by_role("button", name="Delete for good").click()
    elsewhere.wait_for_url("**/books")
    page.reload()
    expect(page.locator("h1")).to_have_text("This book is not here")


def test_a_screen_reader_hears_of_chapters_and_states_and_of_nothing_else(page: Page) -> None:
    hand_in(page, THREE_QUICK_ONES)
    page.evaluate(
        """() => {
          window.heard = [];
          const said = document.getElementById("said");
          new MutationObserver(() => heard.push(said.textContent)).observe(said, { childList: true });
        }"""
    )
    wait_until_done(page)
    heard = page.evaluate("heard")
    assert heard[-1].startswith("Done · plays")
    assert len(heard) == len(set(heard)) <= len(THREE_QUICK_ONES) + 2
    assert not [words for words in heard if "%" in words]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_jumps_while_a_book_is_made(page: Page, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    hand_in(page, THREE_QUICK_ONES)
    page.evaluate(
        """() => {
          window.shifts = [];
          new PerformanceObserver((list) => {
            for (const { value, sources } of list.getEntries())
              shifts.push([value, sources.map(({ node }) => node?.id || node?.className || node?.nodeName)]);
          }).observe({ type: "layout-shift" });
        }"""
    )
    wait_until_done(page)
    page.wait_for_timeout(200)
    shifts = page.evaluate("shifts")
    assert sum(value for value, _ in shifts) < 0.02, shifts
