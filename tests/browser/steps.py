"""What people do on the pages, for tests that are about something else."""

from __future__ import annotations

import re
from collections.abc import Mapping

from playwright.sync_api import FilePayload, Page, expect

SHORT = 300
"""Characters that are spoken in the blink of an eye."""
A_WHILE = 8_000
"""Characters that keep the voice busy for a second, or for three where others work beside it."""
ENDLESS = 400_000
"""Characters that nobody waits for."""

SPEAKING = 120_000
"""Milliseconds until a chapter or book that is being spoken counts as stuck: machines differ, nothing is measured."""

_WORDS = "The keeper climbed the stairs and counted them, for he trusted nothing else. "

THREE_CHAPTERS = {"The Stairs": SHORT, "Oil and Salt": 2 * A_WHILE, "Fog": A_WHILE}
THREE_QUICK_ONES = {"The Stairs": SHORT, "Oil and Salt": 10 * SHORT, "Fog": 5 * SHORT}
NEVER_DONE = {"The Stairs": SHORT, "The Long Night": ENDLESS}


def book_of(chapters: Mapping[str, int]) -> str:
    """Markdown: lengths in characters by title."""
    return "\n\n".join(
        f"# {title}\n\n{(_WORDS * (size // len(_WORDS) + 1))[:size]}" for title, size in chapters.items()
    )


def file_of(chapters: Mapping[str, int], name: str = "lighthouse.md") -> FilePayload:
    return FilePayload(name=name, mimeType="text/markdown", buffer=book_of(chapters).encode())


def choose(page: Page, chapters: Mapping[str, int]) -> None:
    """From the first page to the review."""
    page.goto("/")
    page.set_input_files("#file", files=file_of(chapters))
    expect(page.locator("#review")).to_be_visible()


def hand_in(page: Page, chapters: Mapping[str, int], title: str = "The Lighthouse") -> str:
    """From the first page to the page of the book; its id."""
    choose(page, chapters)
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_role("button", name="Make the audiobook").click()
    page.wait_for_url(re.compile("/books/."))
    return page.url.rpartition("/")[2]


def wait_for_chapter(page: Page, number: int) -> None:
    """Until it can be heard."""
    expect(page.locator(f"#play-{number}")).to_be_visible(timeout=SPEAKING)


def wait_until_done(page: Page) -> None:
    expect(page.locator("#audiobook")).to_be_visible(timeout=SPEAKING)


def stop(page: Page) -> None:
    """So that the worker is free, and ends soon with its server."""
    page.locator("#stop").click()
    expect(page.locator("#retry")).to_be_visible()


def seconds_heard(page: Page) -> float:
    """Where the player is in its chapter."""
    return float(page.locator("#audio").evaluate("audio => audio.currentTime"))


def hear(page: Page, seconds: float) -> None:
    """Until the sound has moved on this far."""
    page.wait_for_function("least => document.getElementById('audio').currentTime > least", arg=seconds)
