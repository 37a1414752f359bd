"""A real browser on a real server with a real worker."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, expect, sync_playwright

from tests.api.served import served

PHONE = ViewportSize(width=360, height=740)
DESKTOP = ViewportSize(width=1280, height=900)
PATIENCE = 20_000
"""Milliseconds until something that should happen counts as missing: far above what it takes on an idle machine."""

ONE_CHAPTER_AT_A_TIME = {"TTSQUEUE_CHAPTERS": "1"}

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser() -> Generator[Browser, None, None]:
    """One for each file: while it is open, no asyncio test may run in this process."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("There is no chromium: `apt-get install chromium`, then `make test-browser`")
    quiet = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=quiet)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Generator[str, None, None]:
    """One server and worker for each file; see `page` for what tests leave behind."""
    with served(tmp_path_factory.mktemp("served") / "data", "up", **ONE_CHAPTER_AT_A_TIME) as address:
        yield address


@pytest.fixture
def context(browser: Browser, address: str) -> Generator[BrowserContext, None, None]:
    context = browser.new_context(base_url=address, viewport=DESKTOP, accept_downloads=True)
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Generator[Page, None, None]:
    """Nothing may go wrong in its scripts, nor be stopped by the content security policy; the worker is free after."""
    page = context.new_page()
    faults = faults_of(page)
    yield page
    free_the_worker(context)
    assert faults == []


def free_the_worker(context: BrowserContext) -> None:
    """Cancel what a test left in the queue."""
    unfinished = {"status": ["pending", "processing"]}
    assert context.request.post("/api/tts/bulk", data={"action": "cancel", "filter": unfinished}).ok


def faults_of(page: Page) -> list[str]:
    """What goes wrong on this page from now on; answers that were refused are the business of tests."""
    faults: list[str] = []

    def note(message: ConsoleMessage) -> None:
        about_the_network = message.text.startswith(("Failed to load resource", "WebSocket connection to"))
        if message.type == "error" and not about_the_network:
            faults.append(message.text)

    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", note)
    return faults
