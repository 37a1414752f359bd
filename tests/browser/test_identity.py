"""Who may see what: signed in by a token, or let in by a pairing code."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.api.access_tokens import SECRET, by_secret
from tests.api.served import served
from tests.browser.at_home import served_at_home
from tests.browser.audit import faults_in
from tests.browser.conftest import DESKTOP, PATIENCE, faults_of
from tests.browser.steps import ENDLESS, SHORT, choose, hand_in, hear, wait_until_done

ADA, BOB = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Generator[str, None, None]:
    data = tmp_path_factory.mktemp("served") / "data"
    with served(data, "up", TTSQUEUE_AUTH="jwt", TTSQUEUE_JWT_SECRET=SECRET) as address:
        yield address


@contextmanager
def device(browser: Browser, address: str) -> Generator[Page, None, None]:
    """A browser of somebody's own."""
    with browser.new_context(base_url=address, viewport=DESKTOP) as context:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        faults = faults_of(page)
        yield page
        assert faults == []


def sign_in(page: Page, user: str) -> None:
    page.get_by_label("Access token").fill(by_secret(sub=user))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Access token")).to_have_count(0)


def test_who_signs_in_comes_to_the_page_they_asked_for_and_makes_a_book(browser: Browser, address: str) -> None:
    with device(browser, address) as page:
        page.goto("/books")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        sign_in(page, ADA)
        page.wait_for_url("**/books")
        hand_in(page, {"The Stairs": SHORT})
        wait_until_done(page)
        page.locator("#play-1").click()
        hear(page, 0.1)
        assert faults_in(page) == []
        page.get_by_role("button", name="Sign out").click()
        page.goto("/books")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_another_users_book_is_not_reachable(browser: Browser, address: str) -> None:
    with device(browser, address) as page:
        page.goto("/")
        sign_in(page, ADA)
        book = hand_in(page, {"Secret": SHORT}, title="A secret")
        wait_until_done(page)
        sound = (page.locator("#play-1").get_attribute("href") or "").partition("?")[0]
    with device(browser, address) as page:
        page.goto(f"/books/{book}")
        sign_in(page, BOB)
        expect(page.locator("h1")).to_have_text("This book is not here")
        assert "secret" not in page.content().lower()
        page.goto("/books")
        expect(page.get_by_text("A secret")).to_have_count(0)
        request = page.context.request
        for path in (sound, f"/api/tts/queue?jobId={book}", f"/api/tts/queue/{book}/chapters"):
            assert request.get(path).status == 404, path
        code = page.evaluate(
            """book => new Promise((done) => {
              const socket = new WebSocket(`ws://${location.host}/api/tts/events?jobId=${book}`);
              socket.onmessage = ({ data }) => done(data);
              socket.onclose = ({ code }) => done(code);
            })""",
            book,
        )
        assert code == 4404
        assert page.get_by_role("link", name="Admin").count() == 0
        page.goto("/admin")
        expect(page.locator("h1")).to_have_text("Not yours to do")


def test_a_wrong_token_is_refused_in_a_sentence(browser: Browser, address: str) -> None:
    with device(browser, address) as page:
        page.goto("/sign-in")
        page.get_by_label("Access token").fill("nonsense")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert faults_in(page) == []


def test_a_session_that_has_ended_says_so_on_an_open_page(browser: Browser, address: str) -> None:
    with device(browser, address) as page:
        page.goto("/")
        sign_in(page, ADA)
        choose(page, {"The Stairs": SHORT, "The Long Night": ENDLESS})
        page.get_by_role("button", name="Make the audiobook").click()
        expect(page.locator("#live")).to_have_text("live")
        page.context.clear_cookies()
        expect(page.locator("#live")).to_have_text("not live: signed out, reload to sign in")
        page.reload()
        sign_in(page, ADA)
        page.locator("#stop").click()
        expect(page.locator("#status")).to_contain_text("Stopped on request")


def test_a_phone_is_paired_by_the_code_on_the_terminal_and_stays_paired(browser: Browser, tmp_path: Path) -> None:
    with served_at_home(tmp_path / "data") as (address, code), phone(browser, address) as context:
        page = context.new_page()
        faults = faults_of(page)
        page.goto("/")
        expect(page.get_by_role("heading", name="Pair this device")).to_be_visible()
        page.get_by_label("Code").fill("WRON-GONE")
        page.get_by_role("button", name="Pair").tap()
        expect(page.get_by_role("alert")).to_contain_text("not the pairing code")
        assert faults_in(page) == []
        page.get_by_label("Code").fill(code.lower().replace("-", " "))
        page.get_by_role("button", name="Pair").tap()
        expect(page.get_by_role("heading", name="Make an audiobook")).to_be_visible()
        hand_in(page, {"The Stairs": SHORT})
        wait_until_done(page)
        page.locator("#play-1").tap()
        hear(page, 0.1)
        page.close()
        again = context.new_page()
        again.goto("/books")
        expect(again.get_by_text("The Lighthouse").first).to_be_visible()
        assert faults == []


def test_a_phone_that_scans_the_code_is_in_at_once(browser: Browser, tmp_path: Path) -> None:
    with served_at_home(tmp_path / "data") as (address, code), phone(browser, address) as context:
        page = context.new_page()
        page.goto(f"/pair#{code}")
        expect(page.get_by_role("heading", name="Make an audiobook")).to_be_visible()
        assert code not in page.url


def phone(browser: Browser, address: str) -> BrowserContext:
    context = browser.new_context(
        base_url=address, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, device_scale_factor=2
    )
    context.set_default_timeout(PATIENCE)
    return context
