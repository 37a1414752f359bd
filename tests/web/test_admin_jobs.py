"""The list of everybody's jobs on the admin's page."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.web.admin_site import OTHER, USER, AdminSite, in_all_states, open_admin_site, table, titles, words


@pytest.fixture
async def site(tmp_path: Path) -> AsyncGenerator[AdminSite, None]:
    async with open_admin_site(tmp_path / "data") as site:
        yield site


async def test_jobs_are_listed_newest_first_with_what_is_to_be_known(site: AdminSite) -> None:
    await in_all_states(site)
    rows = table((await site.see()).get_element_by_id("jobs"))
    assert [row[1] for row in rows] == [
        "Nine Winters starts in 2 h",
        "Sparrow for - s",
        "The Long Night Speaking chapter 2 of 3 · 40 % · worker-1",
        "The Stairs",
        "Oil and Salt Too fast.",
        "Fog plays 1 h",
    ]
    assert [row[2] for row in rows] == ["Waiting", "Waiting", "Speaking", "Stopped", "Failed RATE_LIMIT", "Done"]
    assert [row[3] for row in rows[:2]] == ["free 5", "premium 2"]


async def test_one_field_narrows_the_list_and_stays_in_the_address(site: AdminSite) -> None:
    await in_all_states(site)
    await site.add("Theirs", user_id=OTHER)
    page = await site.see(f"/admin?q=state:failed+tier:free+error:RATE_LIMIT+user:{USER}&span=day")
    assert titles(page) == ["Oil and Salt"]
    assert page.get_element_by_id("q").value == f"state:failed tier:free error:RATE_LIMIT user:{USER}"
    assert page.get_element_by_id("jobs").findall(".//nav/a")[1].get("href") == "/admin?q=state:waiting&span=day#jobs"
    assert titles(await site.see("/admin?q=older:1h")) == []
    assert titles(await site.see(f"/admin?q=user:{OTHER}")) == ["Theirs"]


async def test_the_code_of_a_failure_leads_to_its_like(site: AdminSite) -> None:
    await site.failed("Oil and Salt", "RATE_LIMIT")
    await site.failed("Fog", "a b")
    for link in (await site.see()).xpath("//span[@class='state']/a"):
        assert len(titles(await site.see(link.get("href")))) == 1


async def test_a_query_that_cannot_be_read_is_explained_beside_its_field(site: AdminSite) -> None:
    await site.add("Sparrow")
    page = await site.see("/admin?q=stat:failed")
    assert words(page.get_element_by_id("q-wrong")).startswith("There is no stat: here")
    assert "q-wrong" in page.get_element_by_id("q").get("aria-describedby")
    assert titles(page) == []


async def test_older_jobs_are_a_link_away(site: AdminSite) -> None:
    for number in range(52):
        await site.add(f"Book {number}")
    page = await site.see("/admin?q=Book")
    assert len(titles(page)) == 50
    (older,) = page.get_element_by_id("pages")
    page = await site.see(older.get("href"))
    assert titles(page) == ["Book 1", "Book 0"]
    assert page.get_element_by_id("pages").find("a").get("href") == "/admin?q=Book#jobs"


async def test_titles_errors_and_queries_from_outside_are_only_text(site: AdminSite) -> None:
    evil = "<script>alert(1)</script>"
    await site.worker(evil)
    await site.failed(evil, evil, evil)
    answer = await site.browser.get("/admin", params={"q": evil})
    assert evil not in answer.text
    assert titles(await site.see(f"/admin?q={evil}")) == [evil]


async def test_a_cursor_that_is_not_ours_is_a_page_with_a_sentence(site: AdminSite) -> None:
    page = await site.see("/admin?cursor=nonsense", status=422)
    assert "This cursor was not made by this queue" in words(page)
