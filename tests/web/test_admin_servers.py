"""TTS servers on the admin's page."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from lxml.html import HtmlElement

from tests.servers.samples import DOWN, FILE, KEY, LEAVE_ALONE, LIMITS, SECRETS, SPOKEN, calls_ended
from tests.web.admin_site import AdminSite, open_admin_site, table, words
from tests.web.website import drawn
from ttsqueue.servers.limits import ServerLimits


@pytest.fixture
async def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[AdminSite, None]:
    monkeypatch.setenv("ATTIC_KEY", KEY)
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "data" / "servers.toml").write_text(FILE)
    async with open_admin_site(tmp_path / "data") as site:
        yield site


def form_of(page: HtmlElement, which: int = 0) -> Any:
    return [form for form in page.forms if form.get("action") == "/admin/limits"][which]


async def send(site: AdminSite, form: Any, which: str = "typed", **typed: str) -> Any:
    return await site.browser.post("/admin/limits", data={**dict(form.form_values()), "which": which, **typed})


async def limits_page(site: AdminSite, address: str = "/admin") -> HtmlElement:
    links = (await site.see(address)).get_element_by_id("server-list").xpath(".//a")
    names = ("attic", "cellar & co")
    assert [link.get("aria-label") for link in links] == [f"Change the limits of {name}" for name in names]
    return await site.see(links[0].get("href"))


async def test_each_server_is_a_row(site: AdminSite) -> None:
    await calls_ended(site.app.queue.provider, "attic", SPOKEN, LEAVE_ALONE)
    await calls_ended(site.app.queue.provider, "cellar & co", DOWN, DOWN, DOWN)
    page = await site.see()
    attic, cellar = table(page.get_element_by_id("servers"))
    assert attic[:6] == ["attic", "Limited for 12 min", "0 of 4", "1", "- s p95 - s", "0.033"]
    assert attic[6].startswith("too many requests")
    assert attic[7] == "4 at once, 10 calls a second Change"
    assert cellar[:6] == ["cellar & co", "Open for - s", "0", "0", "-", "-"]
    assert not [secret for secret in SECRETS if secret in html.tostring(page).decode()]


async def test_what_is_wrong_with_a_server_needs_attention(site: AdminSite) -> None:
    await calls_ended(site.app.queue.provider, "attic", LEAVE_ALONE)
    await calls_ended(site.app.queue.provider, "cellar & co", DOWN, DOWN, DOWN)
    first, second = (await site.see()).find_class("attention")
    assert words(first).startswith("The TTS server attic wants to be left alone for 12 min: too many requests.")
    assert words(second).startswith("The TTS server cellar & co fails: HTTP 503. Its books wait and lose no attempt")
    assert second.find(".//time") is not None
    assert second.find(".//a").get("href") == "/admin#servers"


async def test_limits_are_changed_and_go_back_and_the_question_stays(site: AdminSite) -> None:
    page = await limits_page(site, "/admin?q=state:failed&span=day")
    typed = {"max_concurrent": "2", "calls_per_second": "", "characters_per_minute": "250,000"}
    answer = await send(site, form_of(page), **typed)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/admin?q=state:failed&span=day&did=limits#servers",
    )
    assert (await site.app.servers.report("attic")).limits == ServerLimits(2, characters_per_minute=250_000)
    page = await site.see(answer.headers["location"])
    assert words(page.xpath("//p[@role='status']")[0]).startswith("The limits are changed; all workers")
    assert "changed here" in table(page.get_element_by_id("servers"))[0][7]
    page = await limits_page(site)
    assert "servers.toml says: 4 at once, 10 calls a second." in words(page)
    answer = await send(site, form_of(page, 1), "file")
    assert answer.headers["location"] == "/admin?did=limits-of-file#servers"
    assert (await site.app.servers.report("attic")).limits == LIMITS


@pytest.mark.parametrize("typed", ["0", "-3", "1.5", "many", "nan", "inf", "9999999999", "1e400"])
async def test_what_is_no_limit_is_told_beside_its_field_and_nothing_is_changed(site: AdminSite, typed: str) -> None:
    answer = await send(site, form_of(await limits_page(site)), max_concurrent=typed, calls_per_minute="5")
    assert answer.status_code == 422
    page = drawn(answer)
    assert words(page.xpath("//p[@role='alert']")[0]) == "Write a whole number above zero, or nothing for no limit."
    assert page.get_element_by_id("max_concurrent").value == typed
    assert page.get_element_by_id("calls_per_minute").value == "5"
    assert not (await site.app.servers.report("attic")).is_changed


async def test_a_server_that_is_gone_is_told(site: AdminSite) -> None:
    assert "There is no TTS server 'loft'" in words(await site.see("/admin/limits?server=loft", status=404))


async def test_without_servers_the_page_says_what_they_are_for(tmp_path: Path) -> None:
    async with open_admin_site(tmp_path / "empty") as site:
        assert "servers.toml" in words((await site.see()).get_element_by_id("servers"))
