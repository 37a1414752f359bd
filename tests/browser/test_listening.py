"""The player on the page of a book."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.steps import A_WHILE, hand_in, hear, seconds_heard, wait_for_chapter, wait_until_done

LONG_ENOUGH = 1_000
"""Characters; about a minute."""


@pytest.fixture(scope="module")
def book(browser: Browser, address: str) -> str:
    """The path of a finished book's page."""
    with browser.new_context(base_url=address) as context:
        page = context.new_page()
        hand_in(page, {"The Stairs": LONG_ENOUGH, "Fog": LONG_ENOUGH}, title="At Noon")
        wait_until_done(page)
        return page.url


@pytest.fixture
def player(page: Page, book: str) -> Page:
    """On the page of the finished book, for the first time."""
    page.goto(book)
    return page


def test_thirty_seconds_on_and_back_go_over_the_ends_of_chapters(player: Page) -> None:
    player.locator("#play-1").click()
    hear(player, 0.1)
    player.get_by_role("button", name="Forward 30 seconds").click()
    assert seconds_heard(player) > 30
    player.get_by_role("button", name="Forward 30 seconds").click()
    expect(player.locator("#now")).to_have_text("2 · Fog")
    hear(player, 0.1)
    player.get_by_role("button", name="Back 30 seconds").click()
    expect(player.locator("#now")).to_have_text("1 · The Stairs")
    hear(player, 25)


def test_the_speed_of_playing_is_kept_for_every_chapter_and_for_the_next_visit(player: Page) -> None:
    player.get_by_label("Speed of playing").select_option("1.5")
    player.locator("#play-2").click()
    hear(player, 0.1)
    player.reload()
    player.wait_for_function("() => document.getElementById('audio').playbackRate === 1.5")
    expect(player.locator("#now")).to_have_text("2 · Fog")


def test_the_sleep_timer_says_when_it_stops_and_stops(player: Page) -> None:
    player.clock.install()
    player.reload()
    player.locator("#play-1").click()
    player.get_by_label("Sleep timer").select_option("15")
    expect(player.locator("#player-said")).to_have_text(re.compile(r"^Stops at \d\d:\d\d$"))
    assert not player.locator("#audio").evaluate("audio => audio.paused")
    player.clock.fast_forward("15:01")
    player.wait_for_function("() => document.getElementById('audio').paused")
    expect(player.get_by_label("Sleep timer")).to_have_value("")
    expect(player.locator("#player-said")).to_have_text("")


def test_the_end_of_the_chapter_can_be_the_end(player: Page) -> None:
    player.locator("#play-1").click()
    player.get_by_label("Sleep timer").select_option("chapter")
    nearly_over(player)
    player.wait_for_function("() => document.getElementById('audio').ended")
    player.wait_for_timeout(200)
    expect(player.locator("#now")).to_have_text("1 · The Stairs")


def test_one_chapter_follows_the_other(player: Page) -> None:
    player.locator("#play-1").click()
    nearly_over(player)
    expect(player.locator("#now")).to_have_text("2 · Fog")
    hear(player, 0.1)


def test_a_chapter_that_is_not_spoken_yet_is_waited_for(page: Page) -> None:
    hand_in(page, {"The Stairs": 400, "Fog": 3 * A_WHILE})
    wait_for_chapter(page, 1)
    page.locator("#play-1").click()
    nearly_over(page)
    expect(page.locator("#player-said")).to_have_text("Plays on when the next chapter is spoken")
    expect(page.locator("#now")).to_have_text("2 · Fog")
    hear(page, 0.1)
    expect(page.locator("#player-said")).to_have_text("")


def nearly_over(page: Page) -> None:
    """A moment before the end of the chapter."""
    hear(page, 0.05)
    page.locator("#audio").evaluate("audio => { audio.currentTime = audio.duration - 0.3 }")


def test_the_lock_screen_shows_the_chapter_and_its_keys_work(page: Page, book: str) -> None:
    page.add_init_script(
        """window.lockScreen = {};
        const set = MediaSession.prototype.setActionHandler;
        MediaSession.prototype.setActionHandler = function (key, act) {
          lockScreen[key] = act;
          set.call(this, key, act);
        };"""
    )
    page.goto(book)
    page.locator("#play-1").click()
    hear(page, 0.1)
    shown = page.evaluate("[navigator.mediaSession.metadata.title, navigator.mediaSession.metadata.album]")
    assert shown == ["The Stairs", "At Noon"]
    page.evaluate("lockScreen.seekforward()")
    assert seconds_heard(page) > 30
    page.evaluate("lockScreen.seekto({ seekTime: 5 })")
    assert 5 <= seconds_heard(page) < 10
    page.evaluate("lockScreen.nexttrack()")
    expect(page.locator("#now")).to_have_text("2 · Fog")
    page.evaluate("lockScreen.previoustrack()")
    expect(page.locator("#now")).to_have_text("1 · The Stairs")
    page.evaluate("lockScreen.pause()")
    page.wait_for_function("() => document.getElementById('audio').paused")


def test_the_seek_bar_is_worked_by_keys_and_says_where_it_is(player: Page) -> None:
    player.locator("#play-1").click()
    hear(player, 0.1)
    player.locator("#toggle").click()
    seek = player.get_by_label("Position in the chapter")
    before = seconds_heard(player)
    for _ in range(5):
        seek.press("ArrowRight")
    assert 3 < seconds_heard(player) - before < 7
    expect(seek).to_have_attribute("aria-valuetext", re.compile(r"^0:0\d of (0:5\d|1:\d\d)$"))
