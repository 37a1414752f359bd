"""The chapters, the voice and the speed before a book is handed in."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.api.served import served
from tests.browser.steps import SHORT, choose, wait_until_done

CHAPTERS = {"One": 1_000, "Two": 2_000, "Three": 3_000}


def test_what_is_left_out_has_no_number_and_does_not_count(page: Page) -> None:
    choose(page, CHAPTERS)
    expect(page.locator("#sum")).to_contain_text("3 chapters · about 6 min of sound · starts at once")
    page.get_by_label("Speak Two").uncheck()
    expect(page.locator(".order")).to_have_text(["1", "\N{EN DASH}", "2"])
    expect(page.locator("#sum")).to_contain_text("2 chapters · about 4 min of sound")
    page.get_by_label("Speed").fill("2")
    expect(page.locator("#sum")).to_contain_text("about 2 min of sound")
    for name in ("One", "Three"):
        page.get_by_label(f"Speak {name}").uncheck()
    expect(page.get_by_role("button", name="Make the audiobook")).to_be_disabled()
    expect(page.locator("#sum")).to_have_text("No chapter is chosen")


def test_chapters_move_by_mouse_by_keys_and_by_buttons_and_are_spoken_in_that_order(page: Page) -> None:
    choose(page, dict.fromkeys(CHAPTERS, SHORT))
    drag(page, 3, to=1)
    assert titles(page) == ["Three", "One", "Two"]
    drag(page, 1, to=2)
    drag(page, 2, to=1)
    assert titles(page) == ["Three", "One", "Two"]
    page.get_by_label("Title of entry 2").press("Alt+ArrowDown")
    assert titles(page) == ["Three", "Two", "One"]
    expect(page.locator("#moved-said")).to_have_text("One is now entry 3 of 3")
    page.get_by_role("button", name="Move up: Two").click()
    assert titles(page) == ["Two", "Three", "One"]
    page.get_by_label("Title of entry 1").fill("Two, renamed")
    page.get_by_label("Speak Three").uncheck()
    page.get_by_role("button", name="Make the audiobook").click()
    wait_until_done(page)
    expect(page.locator(".row .name")).to_have_text(["Two, renamed", "One"])


def test_what_it_costs_goes_with_the_voice_and_the_chapters(browser: Browser, tmp_path: Path) -> None:
    server = 'name = "attic"\nengine = "openai"\nurl = "http://127.0.0.1:9/v1"\nvoices = ["bella"]\n'
    (tmp_path / "servers.toml").write_text(f"[[server]]\n{server}price_per_million_characters = 1000\n")
    with served(tmp_path / "data", "serve", TTSQUEUE_SERVERS=str(tmp_path / "servers.toml")) as address:
        page = browser.new_page(base_url=address)
        choose(page, CHAPTERS)
        expect(page.locator("#sum")).not_to_contain_text(re.compile("costs|call"))
        expect(page.locator("#price")).to_be_hidden()
        page.get_by_label("Voice", exact=True).select_option("openai:bella")
        expect(page.locator("#sum")).to_contain_text("of sound · about 9 calls · costs about 6.0")
        expect(page.locator("#price")).to_contain_text("Reckoned at 1,000.00 for a million characters")
        page.get_by_label("Speak Three").uncheck()
        expect(page.locator("#sum")).to_contain_text("of sound · about 5 calls · costs about 3.0")
        page.close()


def test_a_price_that_is_missing_is_told_of_the_voice_that_has_none(browser: Browser, tmp_path: Path) -> None:
    server = 'name = "attic"\nengine = "openai"\nurl = "http://127.0.0.1:9/v1"\nvoices = ["bella"]\n'
    (tmp_path / "servers.toml").write_text(f'[[server]]\n{server}api_key_env = "ATTIC_KEY"\n')
    settings = {"TTSQUEUE_SERVERS": str(tmp_path / "servers.toml"), "ATTIC_KEY": "sk-1"}
    with served(tmp_path / "data", "serve", **settings) as address:
        page = browser.new_page(base_url=address)
        choose(page, CHAPTERS)
        expect(page.locator("#unpriced")).to_be_hidden()
        page.get_by_label("Voice", exact=True).select_option("openai:bella")
        expect(page.locator("#sum")).to_contain_text(
            "of sound · about 9 calls · costs money, nobody knows how much · starts"
        )
        expect(page.locator("#unpriced")).to_contain_text("The TTS server attic may cost money")
        page.close()


def drag(page: Page, entry: int, *, to: int) -> None:
    """By its grip onto the middle of another, where it stays."""
    rows = page.locator(".row")
    rows.nth(entry - 1).locator(".grip").hover()
    target = rows.nth(to - 1).bounding_box()
    assert target is not None
    page.mouse.down()
    page.mouse.move(target["x"] + 80, target["y"] + target["height"] * (0.3 if to < entry else 0.7), steps=5)
    page.mouse.up()
    expect(page.locator(".is-moving")).to_have_count(0)


def titles(page: Page) -> list[str]:
    return page.locator(".in-place").evaluate_all("all => all.map(one => one.value)")  # type: ignore[no-any-return]


def test_a_voice_is_heard_with_the_first_whole_sentences_of_this_book(page: Page) -> None:
    choose(page, CHAPTERS)
    page.get_by_label("Speak One").uncheck()
    with page.expect_response("**/api/tts/preview") as answering:
        page.get_by_role("button", name="Hear it").click()
    asked: dict[str, str] = answering.value.request.post_data_json or {}
    assert answering.value.status == 200
    assert asked["voiceId"] == page.locator("#voice").input_value()
    assert re.fullmatch(r"Two\s+(The keeper .*\.)", asked["text"].strip(), re.DOTALL)
    expect(page.locator("#hear-said")).to_have_text("The beginning of this book")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#hear-said")).to_have_text("")


def test_a_voice_that_cannot_be_heard_says_why(page: Page) -> None:
    choose(page, CHAPTERS)
    page.context.set_offline(True)
    page.get_by_role("button", name="Hear it").click()
    expect(page.locator("#hear-said")).to_have_text("The server cannot be reached; try again in a moment.")
    page.get_by_role("button", name="Make the audiobook").click()
    expect(page.locator("#submit-said")).to_contain_text("Nothing is lost")
    page.context.set_offline(False)
    page.get_by_role("button", name="Make the audiobook").click()
    wait_until_done(page)
