"""What the admin's page does: pause, resume, reset, and one action on many jobs after a look at their number."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from lxml.html import HtmlElement

from tests.web.admin_site import AdminSite, open_admin_site, titles, words


@pytest.fixture
async def site(tmp_path: Path) -> AsyncGenerator[AdminSite, None]:
    async with open_admin_site(tmp_path / "data") as site:
        yield site


async def send(site: AdminSite, form: HtmlElement) -> HtmlElement:
    """Press the only button of a form; the page that follows."""
    answer = await site.browser.post(form.get("action"), data=fields(form))
    assert answer.status_code == 303, answer.text
    return await site.see(answer.headers["location"])


def fields(form: HtmlElement) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    return sent


def form_of(page: HtmlElement, action: str) -> HtmlElement:
    return next(form for form in page.forms if form.get("action") == action)


def said(page: HtmlElement) -> str:
    return words(page.xpath("//p[@role='status']")[0])


async def ask(site: AdminSite, action: str, **rest: Any) -> HtmlElement:
    """The page that counts."""
    answer = await site.browser.get("/admin/confirm", params={"action": action, **rest})
    assert answer.status_code == 200, answer.text
    return html.fromstring(answer.text)


async def confirm(site: AdminSite, page: HtmlElement) -> HtmlElement:
    return await send(site, form_of(page, "/admin/jobs"))


def heading(page: HtmlElement) -> str:
    return words(page.find(".//h1"))


async def test_the_queue_is_paused_and_resumed_and_the_question_stays(site: AdminSite) -> None:
    page = await send(site, form_of(await site.see("/admin?q=state:failed&span=day"), "/admin/pause"))
    assert await site.app.queue.is_paused()
    assert said(page) == "The queue is paused. Books that are being spoken go on."
    assert page.get_element_by_id("q").value == "state:failed"
    page = await send(site, form_of(page, "/admin/resume"))
    assert not await site.app.queue.is_paused()
    assert said(page) == "The queue runs again."
    assert words(page.xpath("//nav/a[@aria-current='true']")[0]) == "Last day"


async def test_stuck_books_are_put_back(site: AdminSite, monkeypatch: pytest.MonkeyPatch) -> None:
    page = await send(site, form_of(await site.see(), "/admin/reset-stuck"))
    assert said(page) == "No book was stuck."
    monkeypatch.setattr(site.app.queue, "_stuck_after", timedelta(0))
    job = await site.speaking("The Long Night")
    await asyncio.sleep(0.01)
    page = await send(site, form_of(page, "/admin/reset-stuck"))
    assert said(page) == "1 book was stuck and put back."
    assert (await site.app.queue.get_job(job.id)).status == "pending"


async def test_chosen_books_are_counted_before_anything_is_done(site: AdminSite) -> None:
    chosen = [await site.failed("Fog"), await site.stopped("Salt"), await site.done("Oil")]
    page = await ask(site, "retry", job=[job.id for job in chosen])
    assert heading(page) == "Try 2 books again?"
    assert "1 of 3 books stay as they are: only failed and stopped books can be tried again." in words(page)
    assert (await site.app.queue.get_job(chosen[0].id)).status == "failed"
    page = await confirm(site, page)
    assert said(page).startswith("2 books will be tried again. 1 book was left")
    assert [(await site.app.queue.get_job(job.id)).status for job in chosen] == ["pending", "pending", "completed"]


async def test_everything_that_matches_is_stopped_and_nothing_else(site: AdminSite) -> None:
    kept = await site.add("Sparrow")
    for number in range(60):
        await site.add(f"Tide {number}")
    page = await ask(site, "stop", which="all", q="tide state:waiting", span="day")
    assert heading(page) == "Stop 60 books?"
    assert "Everything that matches tide state:waiting, as of" in words(page)
    page = await confirm(site, page)
    assert said(page) == "60 books stopped."
    assert page.get_element_by_id("q").value == "tide state:waiting"
    assert (await site.app.queue.get_job(kept.id)).status == "pending"
    assert len(titles(await site.see("/admin?q=state:stopped"))) == 50


async def test_what_was_handed_in_after_the_count_is_not_touched(site: AdminSite) -> None:
    counted = await site.add("Sparrow")
    page = await ask(site, "stop", which="all", q="")
    assert "All books of everybody" in words(page)
    later = await site.add("Fog")
    await confirm(site, page)
    assert [(await site.app.queue.get_job(job.id)).status for job in (counted, later)] == ["cancelled", "pending"]


async def test_older_counts_back_from_the_count_not_from_the_deed(site: AdminSite) -> None:
    job = await site.add("Sparrow")
    await asyncio.sleep(0.15)
    soon_after = job.created_at + timedelta(milliseconds=20)
    page = await ask(site, "stop", which="all", q="older:100ms", at=soon_after.isoformat())
    assert heading(page) == "Nothing to do"
    assert not page.xpath("//main//button")
    form = fields(form_of(page, "/admin/jobs"))
    await site.browser.post("/admin/jobs", data=form)
    assert (await site.app.queue.get_job(job.id)).status == "pending"


async def test_deleted_books_go_with_their_sound(site: AdminSite) -> None:
    job = await site.failed("Fog")
    folder = site.app.storage.folder / job.id
    folder.mkdir(parents=True)
    (folder / f"{job.id}.c0001-1.m4a").touch()
    page = await ask(site, "delete", job=[job.id])
    assert heading(page) == "Delete 1 book?"
    assert "This cannot be undone." in words(page)
    assert said(await confirm(site, page)) == "1 book deleted."
    assert not folder.exists()


async def test_nothing_chosen_is_said(site: AdminSite) -> None:
    page = await ask(site, "delete")
    assert heading(page) == "Nothing to do"
    assert "No book was chosen, or none is there any more." in words(page)


async def test_the_form_of_the_list_asks_for_the_count_without_a_script(site: AdminSite) -> None:
    job = await site.failed("Fog")
    form = (await site.see("/admin?q=state:failed&span=week")).get_element_by_id("chosen")
    form.inputs["job"].checked = True
    assert form.get("method") is None
    page = await ask(site, "retry", **fields(form))
    assert heading(page) == "Try 1 book again?"
    assert fields(form_of(page, "/admin/jobs"))["job"] == [job.id]
    (back,) = page.xpath("//main//a")
    assert back.get("href") == "/admin?q=state:failed&span=week#jobs"


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"action": "explode"}, "Choose what to do with the books: retry, stop, delete."),
        ({"action": "stop", "which": "all", "q": "stat:x"}, "There is no stat: here"),
        ({}, "Choose what to do with the books"),
    ],
)
async def test_what_cannot_be_meant_is_a_page_with_a_sentence(
    site: AdminSite, asked: dict[str, str], sentence: str
) -> None:
    for answer in (
        await site.browser.get("/admin/confirm", params=asked),
        await site.browser.post("/admin/jobs", data=asked),
    ):
        assert answer.status_code == 422
        assert sentence in answer.text


@pytest.mark.parametrize("at", ["nonsense", "2026-01-01T00:00:00", "9999-01-01T00:00:00+00:00"])
async def test_a_moment_that_nobody_could_mean_does_no_harm(site: AdminSite, at: str) -> None:
    page = await ask(site, "stop", which="all", q="older:1h", at=at)
    assert heading(page) == "Nothing to do"


async def test_what_is_said_cannot_be_forged_in_the_address(site: AdminSite) -> None:
    for forged in ("reset-99999999", "hello", "<b>", "retry-1", "reset-x"):
        answer = await site.browser.get("/admin", params={"did": forged})
        assert answer.status_code == 200
        assert 'role="status"' not in answer.text
