"""Every page, light and dark, on a phone and on a desk: no violation, nothing cut off, nothing in the console."""

from __future__ import annotations

from collections.abc import Callable, Generator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.served import served
from tests.browser.audit import faults_in
from tests.browser.conftest import DESKTOP, ONE_CHAPTER_AT_A_TIME, PATIENCE, PHONE, faults_of, free_the_worker
from tests.browser.steps import NEVER_DONE, SHORT, choose, hand_in, stop, wait_for_chapter, wait_until_done

LONG = "An uncommonly long title about the lamp that was lit each evening by the keeper's grandmother's second cousin"
UNBROKEN = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Generator[Page, None, None]:
    """One server for all."""
    data = tmp_path_factory.mktemp("accessibility") / "data"
    with served(data, "up", **ONE_CHAPTER_AT_A_TIME) as address, browser.new_context(base_url=address) as context:
        context.set_default_timeout(PATIENCE)
        yield context.new_page()


@pytest.fixture(autouse=True)
def _free_worker(page: Page) -> Generator[None, None, None]:
    yield
    free_the_worker(page.context)


def upload(page: Page) -> None:
    page.goto("/")
    page.get_by_text("Or paste text").click()


def refused_upload(page: Page) -> None:
    page.goto("/")
    page.get_by_text("Or paste text").click()
    page.locator("#paste button").click()
    expect(page.get_by_role("alert")).to_be_visible()


def review(page: Page) -> None:
    choose(page, {"The Stairs": SHORT, LONG: SHORT, UNBROKEN: SHORT})
    page.get_by_label("Speak The Stairs").uncheck()


def speaking(page: Page) -> None:
    hand_in(page, {**NEVER_DONE, LONG: SHORT, UNBROKEN: SHORT})
    wait_for_chapter(page, 1)
    expect(page.locator("#live")).to_have_text("live")


def waiting(page: Page) -> None:
    hand_in(page, NEVER_DONE)
    hand_in(page, {"The Stairs": SHORT})
    expect(page.locator("#status")).to_contain_text("Waiting · yours is next")


def stopped(page: Page) -> None:
    hand_in(page, {**NEVER_DONE, LONG: SHORT, UNBROKEN: SHORT})
    wait_for_chapter(page, 1)
    stop(page)
    page.get_by_text("What happened").click()
    page.get_by_text("Delete this book").click()


def done(page: Page) -> None:
    hand_in(page, {"The Stairs": SHORT, LONG: SHORT, UNBROKEN: SHORT}, title=f"{LONG} {UNBROKEN}")
    wait_until_done(page)
    page.locator("#play-2").click()
    page.get_by_text("What happened").click()


def at(path: str) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        page.goto(path)

    go.__name__ = path
    return go


PAGES = [
    upload,
    refused_upload,
    review,
    at("/books"),
    waiting,
    speaking,
    stopped,
    done,
    at("/books"),
    at("/books?q=nothing+like+this"),
    at("/books/unknown"),
    at("/admin"),
    at("/docs"),
    at("/sign-in"),
    at("/pair"),
]


@pytest.mark.parametrize("visit", PAGES, ids=lambda visit: visit.__name__)
def test_every_page_can_be_used_by_everybody(page: Page, visit: Callable[[Page], None]) -> None:
    faults = faults_of(page)
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    visit(page)
    found = {"light, phone": faults_in(page)}
    page.emulate_media(color_scheme="dark")
    found["dark, phone"] = faults_in(page)
    page.set_viewport_size(DESKTOP)
    found["dark, desk"] = faults_in(page)
    page.emulate_media(color_scheme="light")
    found["light, desk"] = faults_in(page)
    assert {how: what for how, what in found.items() if what} == {}
    assert faults == []


@pytest.mark.parametrize(
    ("spoilt", "words"),
    [
        ("document.documentElement.removeAttribute('lang')", "does not say its language"),
        ("document.querySelector('h1').outerHTML = '<p>No heading</p>'", "0 h1"),
        ("document.querySelector('#file').removeAttribute('aria-describedby')", None),
        (
            "paste.open = true; const text = paste.querySelector('textarea'); text.closest('label').replaceWith(text)",
            "no name",
        ),
        ("document.querySelector('#kinds').style.color = 'color-mix(in srgb, currentColor, white 60%)'", "contrast"),
        ("document.querySelector('nav a').style.opacity = 0.3", "contrast"),
        ("document.querySelector('nav a').tabIndex = 3", "positive tabindex"),
        ("document.querySelector('nav a').id = 'main'", "there twice"),
        ("document.querySelector('nav a').style.cssText = 'min-height: 0; height: 15px'", "only"),
        ("document.querySelector('nav').ariaHidden = true", "hidden from screen readers"),
        ("document.querySelector('main').append(new Image())", "picture without"),
        ("document.querySelector('main').style.width = '700px'", "px wide"),
    ],
)
def test_the_check_finds_what_is_spoilt(page: Page, spoilt: str, words: str | None) -> None:
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="light")
    page.goto("/")
    page.evaluate(spoilt)
    found = faults_in(page)
    assert any(words in fault for fault in found) if words else found == [], found
