"""What the admin's page shows of the queue."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.web.admin_site import AdminSite, in_all_states, open_admin_site, table, titles, words


@pytest.fixture
async def site(tmp_path: Path) -> AsyncGenerator[AdminSite, None]:
    async with open_admin_site(tmp_path / "data") as site:
        yield site


async def test_an_empty_queue_is_well_and_says_what_to_do_next(site: AdminSite) -> None:
    page = await site.see()
    assert words(page.get_element_by_id("attention")).endswith("All is well. No worker is running, nothing waits.")
    assert "Start one with ttsqueue work" in words(page.get_element_by_id("workers"))
    assert "No jobs yet." in words(page.get_element_by_id("job-list"))
    assert not page.find_class("bar")


async def test_all_is_well_is_said_with_its_figures(site: AdminSite) -> None:
    for name in ("worker-1", "worker-2", "worker-3"):
        await site.worker(name)
    await site.add("Sparrow")
    assert "All is well. 3 workers, oldest wait - s." in words((await site.see()).get_element_by_id("attention"))


async def test_what_needs_somebody_stands_first_with_since_when_and_what_to_do(site: AdminSite) -> None:
    waiting = await site.add("Sparrow")
    page = await site.see()
    (entry,) = page.find_class("attention")
    assert words(entry).startswith("No worker is running, and 1 book waits. Start one with: ttsqueue work since ")
    assert entry.find(".//time").get("datetime") == waiting.run_at.isoformat()
    assert titles(await site.see(entry.find(".//a").get("href"))) == ["Sparrow"]


async def test_a_failing_engine_leads_to_its_failures(site: AdminSite) -> None:
    await site.worker("worker-1")
    for number in range(5):
        await site.failed(f"Book {number}", "VOICE SERVER")
    await site.failed("Another", "disk")
    (entry,) = (await site.see()).find_class("attention")
    assert words(entry).startswith("5 books failed with VOICE SERVER within the last hour.")
    assert len(titles(await site.see(entry.find(".//a").get("href")))) == 5


async def test_failures_without_a_code_are_told_too(site: AdminSite) -> None:
    for number in range(5):
        await site.failed(f"Book {number}", None)
    page = await site.see()
    assert "5 books failed with no code within the last hour." in words(page.get_element_by_id("attention"))


async def test_a_paused_queue_cannot_be_missed_and_is_not_called_well(site: AdminSite) -> None:
    await site.add("Sparrow")
    await site.app.queue.pause()
    page = await site.see()
    (bar,) = page.find_class("bar")
    assert "The queue is paused" in words(bar)
    assert bar.find(".//form").get("action") == "/admin/resume"
    assert "The queue is paused; 1 book waits." in words(page.get_element_by_id("attention"))
    assert "All is well" not in words(page.get_element_by_id("attention"))
    assert not page.xpath("//*[@id='pause']")


async def test_the_numbers_are_those_of_the_queue(site: AdminSite) -> None:
    await in_all_states(site)
    page = await site.see()
    shown = {words(label): words(label.getnext()) for label in page.iter("dt")}
    assert shown["Waiting"] == "1 may start now"
    assert shown["Delayed"] == "1 start later"
    assert shown["Speaking"] == "1 now"
    assert shown["Done today"] == "1 last 24 hours"
    assert shown["Failed today"] == "1 last 24 hours"
    assert shown["Premium wait"] == "- nobody started in the last hour"
    assert shown["Free wait"] == "- s p50 of the last hour; p95 - s"
    assert shown["Characters per minute"] == f"{13 / 60:.3g} last hour"
    assert shown["Audio minutes per minute"] == "0.025 last hour"


@pytest.mark.parametrize(("span", "steps"), [("hour", 60), ("day", 96), ("week", 84)])
async def test_charts_are_drawn_and_told_in_a_table(site: AdminSite, span: str, steps: int) -> None:
    await in_all_states(site)
    page = await site.see(f"/admin?span={span}")
    charts = page.find_class("chart")
    assert [words(chart.find("h3")) for chart in charts][:3] == [
        "Books done per minute",
        "Characters per minute",
        "Audio minutes per minute",
    ]
    for chart in charts:
        assert chart.find("svg").get("aria-label").endswith(".")
        assert chart.findall("svg/path")
        assert len(table(chart)) == steps
    assert words(page.xpath("//nav/a[@aria-current='true']")[0]) == f"Last {span}"


async def test_a_worker_is_shown_with_the_book_and_chapter_it_is_at(site: AdminSite) -> None:
    await site.worker("worker-1")
    await site.worker("worker-2")
    job = await site.speaking("The Long Night")
    page = await site.see()
    first, second = table(page.get_element_by_id("workers"))
    at_it = "The Long Night chapter 2 of 3 · 40 %"
    assert first == ["worker-1", "Speaking", "- s ago", "1 of 2 busy", at_it, "calliope.local", "0.1.0"]
    assert second[:5] == ["worker-2", "Idle", "- s ago", "0 of 2 busy", "nothing"]
    assert page.get_element_by_id("workers").find(".//a").get("href") == f"/books/{job.id}"


async def test_nothing_is_inline_that_browsers_would_refuse(site: AdminSite) -> None:
    await in_all_states(site)
    page = await site.see("/admin?q=state:failed")
    assert not [element for element in page.iter() if any(name.startswith(("style", "on")) for name in element.attrib)]
    assert all(script.get("src") for script in page.iter("script"))
    assert page.find(".//style") is None


async def test_every_id_is_there_once_and_every_reference_leads_somewhere(site: AdminSite) -> None:
    await in_all_states(site)
    await site.worker("worker-1")
    page = await site.see("/admin?q=stat:failed")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    named = page.xpath("//@aria-labelledby | //@aria-describedby | //@for")
    assert {name for reference in named for name in reference.split()} <= set(ids)
    fields = page.xpath("//main//input[not(@type='hidden')] | //main//select")
    assert [field for field in fields if not words(next(field.iterancestors("label")))] == []
